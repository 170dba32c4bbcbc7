package dev.ttrpc.verification.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.verification.benchmarks.LoadResult;
import dev.ttrpc.verification.benchmarks.Work;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTests {
    private static final Subject OURS = Subject.server(Programs.OURS_LOOP);
    private static final Subject GO = Subject.server(Programs.GO);
    private static final Subject RUST = Subject.server(Programs.RUST_SYNC);

    private final Results results = new Results();

    @Test
    void aGoalIsComparedWithTheBestOfItsPeersRoundByRound() {
        Goal goal = Goal.rate(Place.SAME, OURS.name(), 2, 4, GO.name(), RUST.name());
        Cell cell = cell("one", goal);
        perSecond(cell, OURS, 100, 600, 300);
        perSecond(cell, GO, 50, 100, 10);
        perSecond(cell, RUST, 20, 200, 100);
        assertThat(results.reached(cell, goal)).isEqualTo(new Spread(2, 3, 3));
        assertThat(goal.verdict(3)).isEqualTo("met, short of the aim");
        assertThat(goal.verdict(1.9)).isEqualTo("MISSED");
        assertThat(goal.verdict(4)).isEqualTo("met, and the aim");
    }

    @Test
    void lessTimeIsBetter() {
        Goal goal = Goal.median(Place.SAME, OURS.name(), 0.8, Double.NaN, GO.name(), RUST.name());
        Cell cell = cell("one", goal);
        add(cell, OURS, 1, 30);
        add(cell, GO, 1, 40);
        add(cell, RUST, 1, 60);
        assertThat(results.reached(cell, goal)).isEqualTo(new Spread(0.75, 0.75, 0.75));
        assertThat(goal.isMet(0.75)).isTrue();
        assertThat(goal.isMet(0.85)).isFalse();
    }

    @Test
    void aGoalMayBeSetBesideAnotherCell() {
        Goal goal = Goal.rate(Place.SAME, OURS.name(), 0.7, Double.NaN, "one/" + OURS.name());
        perSecond(cell("one", goal), OURS, 200);
        perSecond(cell("two", goal), OURS, 100);
        assertThat(results.reached(cell("two", goal), goal)).isEqualTo(new Spread(0.5, 0.5, 0.5));
    }

    @Test
    void aGoalWithoutPeersIsTheFigureItself() {
        Goal goal = Goal.rate(Place.SAME, OURS.name(), 1e6, Double.NaN);
        Cell cell = cell("one", goal);
        perSecond(cell, OURS, 2_000_000);
        assertThat(results.reached(cell, goal)).isEqualTo(new Spread(2e6, 2e6, 2e6));
    }

    @Test
    void withoutAPeerNothingIsSaidOfAGoal() {
        Goal goal = Goal.rate(Place.SAME, OURS.name(), 2, 4, GO.name(), RUST.name());
        Cell cell = cell("one", goal);
        perSecond(cell, OURS, 100);
        perSecond(cell, GO, 50);
        assertThat(results.reached(cell, goal)).isNull();
        perSecond(cell, RUST, 50);
        assertThat(results.reached(cell, goal)).isNotNull();
        results.discard(Place.SAME, cell, RUST);
        assertThat(results.reached(cell, goal)).isNull();
    }

    private static Cell cell(String name, Goal goal) {
        return new Cell(name, "", Work.unary(64, 1), List.of(Place.SAME), List.of(GO, RUST, OURS), List.of(goal));
    }

    private void perSecond(Cell cell, Subject subject, long... figures) {
        for (long figure : figures) {
            add(cell, subject, figure, 0);
        }
    }

    private void add(Cell cell, Subject subject, long perSecond, long medianMicros) {
        LoadResult load = new LoadResult(perSecond, 1_000_000_000, medianMicros * 1000, 0);
        results.add(Place.SAME, cell, subject, new Sample(load, Duration.ZERO, Duration.ZERO));
    }
}
