package dev.ttrpc.verification.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints cells as tables: least, median and greatest of the rounds, each subject as a multiple of the first, and the goals. */
final class Report {
    private final PrintStream out;
    private final Results results;
    private final boolean withGoals;

    /** @param withGoals false where the samples are too short to say anything of them */
    Report(PrintStream out, Results results, boolean withGoals) {
        this.out = out;
        this.results = results;
        this.withGoals = withGoals;
    }

    /** One cell. */
    void print(Place place, Cell cell, Map<String, String> failures) {
        boolean timed = cell.work().isSequential();
        out.printf("%n%s, %s: %s%n", place, cell.name(), cell.shows());
        out.printf(
                "  %-32s%36s%26s%12s%12s%s%n",
                "",
                cell.work().counted() + "/s: min, median, max",
                "times the first",
                "server us",
                "client us",
                timed ? "      p50 us, of the first    p99 us" : "");
        for (Subject subject : cell.subjects()) {
            List<Sample> samples = results.of(place, cell.name(), subject.name());
            if (!samples.isEmpty()) {
                out.printf(Locale.ROOT, "  %-32s", subject.name());
                out.print(spread(samples, Sample::perSecond).format("%,12.0f"));
                out.print(ratio(place, cell, subject, Sample::perSecond));
                out.printf(Locale.ROOT, "%12.2f", median(samples, Sample::serverMicros));
                out.printf(Locale.ROOT, "%12.2f", median(samples, Sample::clientMicros));
                if (timed) {
                    out.printf(Locale.ROOT, "%13.2f", median(samples, Sample::medianMicros));
                    Spread ratio = results.ratio(place, cell, subject.name(), base(cell), Sample::medianMicros);
                    out.printf(Locale.ROOT, "%14s", ratio == null ? "" : Goal.number(ratio.median()));
                    out.printf(Locale.ROOT, "%10.1f", median(samples, Sample::p99Micros));
                }
                out.println();
            }
        }
        failures.forEach((name, why) -> out.printf("  FAILED %s: %s%n", name, why));
        if (withGoals) {
            cell.goals().stream().filter(goal -> goal.place() == place).forEach(goal -> printGoal(cell, goal));
        }
    }

    /** How many goals were measured and met, and each that was missed. */
    void printGoals(List<Cell> cells) {
        int measured = 0;
        List<String> missed = new ArrayList<>();
        for (Cell cell : cells) {
            for (Goal goal : cell.goals()) {
                Spread reached = results.reached(cell, goal);
                if (reached != null) {
                    measured++;
                    if (!goal.isMet(reached.median())) {
                        missed.add("  " + goal.place() + ", " + cell.name() + ": " + line(goal, reached));
                    }
                }
            }
        }
        if (withGoals && measured > 0) {
            out.printf("%n%d goals: %d met, %d missed%n", measured, measured - missed.size(), missed.size());
            missed.forEach(out::println);
        }
    }

    private void printGoal(Cell cell, Goal goal) {
        Spread reached = results.reached(cell, goal);
        if (reached != null) {
            out.println("  goal: " + line(goal, reached));
        }
    }

    static String line(Goal goal, Spread reached) {
        return goal.sentence() + ": " + Goal.number(reached.median()) + " (" + Goal.number(reached.min()) + " to "
                + Goal.number(reached.max()) + ") " + goal.verdict(reached.median());
    }

    private String ratio(Place place, Cell cell, Subject subject, ToDoubleFunction<Sample> figure) {
        Spread ratio = results.ratio(place, cell, subject.name(), base(cell), figure);
        return ratio == null ? " ".repeat(26) : "  " + ratio.format("%8.2f");
    }

    private static String base(Cell cell) {
        return cell.subjects().get(0).name();
    }

    private static Spread spread(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return Spread.of(samples.stream().mapToDouble(figure));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return spread(samples, figure).median();
    }
}
