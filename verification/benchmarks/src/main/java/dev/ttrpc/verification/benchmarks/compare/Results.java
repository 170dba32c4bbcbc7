package dev.ttrpc.verification.benchmarks.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All samples so far, and what they say of the goals. */
final class Results {
    private record Key(Place place, String cell) {}

    private final Map<Key, Map<String, List<Sample>>> samples = new HashMap<>();

    void add(Place place, Cell cell, Subject subject, Sample sample) {
        samples.computeIfAbsent(new Key(place, cell.name()), key -> new LinkedHashMap<>())
                .computeIfAbsent(subject.name(), key -> new ArrayList<>())
                .add(sample);
    }

    /** Forgets what a subject has done in a cell, because it failed there. */
    void discard(Place place, Cell cell, Subject subject) {
        Map<String, List<Sample>> ofCell = samples.get(new Key(place, cell.name()));
        if (ofCell != null) {
            ofCell.remove(subject.name());
        }
    }

    /** What a subject has done in a cell, in the order of the rounds; empty where nothing. */
    List<Sample> of(Place place, String cell, String subject) {
        return samples.getOrDefault(new Key(place, cell), Map.of()).getOrDefault(subject, List.of());
    }

    /** A figure of one subject as a multiple of another's in the same round, or null where one of them was not measured. */
    @Nullable
    Spread ratio(Place place, Cell cell, String subject, String base, ToDoubleFunction<Sample> figure) {
        List<Sample> ones = of(place, cell.name(), subject);
        List<Sample> others = of(place, cell.name(), base);
        return ones.isEmpty() || others.isEmpty()
                ? null
                : Spread.of(IntStream.range(0, Math.min(ones.size(), others.size()))
                        .mapToDouble(round ->
                                figure.applyAsDouble(ones.get(round)) / figure.applyAsDouble(others.get(round))));
    }

    /** What was reached of a goal, or null where its subject or one of its peers was not measured. */
    @Nullable
    Spread reached(Cell cell, Goal goal) {
        List<Sample> own = of(goal.place(), cell.name(), goal.subject());
        List<List<Sample>> peers =
                goal.peers().stream().map(peer -> peer(cell, goal, peer)).toList();
        int rounds = peers.stream().mapToInt(List::size).reduce(own.size(), Math::min);
        if (rounds == 0) {
            return null;
        }
        return Spread.of(IntStream.range(0, rounds).mapToDouble(round -> {
            double figure = goal.figure().of(own.get(round));
            return peers.stream()
                    .mapToDouble(peer -> goal.figure().of(peer.get(round)))
                    .reduce(goal.figure()::better)
                    .stream()
                    .map(best -> figure / best)
                    .findFirst()
                    .orElse(figure);
        }));
    }

    private List<Sample> peer(Cell cell, Goal goal, String name) {
        int slash = name.indexOf('/');
        return slash < 0
                ? of(goal.place(), cell.name(), name)
                : of(goal.place(), name.substring(0, slash), name.substring(slash + 1));
    }
}
