package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.interop.CommandLine;
import dev.ttrpc.verification.interop.Toolchain;
import dev.ttrpc.verification.interop.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures the cells that are wanted, prints each as a table, and writes all samples to a file. */
public final class CompareCommand {
    public static final String USAGE = "compare [--quick | --smoke] [--cells=NAME,...] [--subjects=NAME,...]"
            + " [--place=same|free] [--jdk=HOME] [--out=FILE] | compare --list";

    private static final Set<String> OPTIONS =
            Set.of("--quick", "--smoke", "--cells", "--subjects", "--place", "--jdk", "--out", "--list");

    private final PrintStream out;

    public CompareCommand(PrintStream out) {
        this.out = out;
    }

    /** Exit code 0 where all was measured, 1 where not. Whether goals were reached does not matter to it: that is for the reader. */
    public int run(List<String> arguments) throws IOException, InterruptedException, UsageException {
        CommandLine line = CommandLine.parse(arguments, OPTIONS);
        if (!line.words().isEmpty()) {
            throw new UsageException("not understood: " + line.words().get(0));
        }
        List<Cell> cells = Selection.of(Cells.all(), line.value("--cells"), line.value("--subjects"));
        if (line.has("--list")) {
            list(cells);
            return 0;
        }
        Set<Program.Language> languages = Selection.languages(cells);
        String missing = Toolbox.missing(languages);
        if (missing != null) {
            throw new IOException(missing);
        }
        Schedule schedule = line.has("--smoke") ? Schedule.SMOKE : line.has("--quick") ? Schedule.QUICK : Schedule.FULL;
        String home = line.value("--jdk");
        Jvm jvm = home == null ? Jvm.own() : Jvm.at(Path.of(home));
        Toolbox toolbox = new Toolbox(jvm, !schedule.equals(Schedule.SMOKE));
        out.printf(
                "%s; %d CPUs; %s%n",
                String.join("; ", toolbox.versions(languages)),
                Runtime.getRuntime().availableProcessors(),
                schedule);
        return measure(cells, places(line.value("--place")), schedule, toolbox, line.value("--out")) ? 0 : 1;
    }

    private boolean measure(
            List<Cell> cells, List<Place> places, Schedule schedule, Toolbox toolbox, @Nullable String file)
            throws IOException, InterruptedException {
        Results results = new Results();
        Report report = new Report(out, results, !schedule.equals(Schedule.SMOKE));
        boolean complete = true;
        for (Place place : places) {
            try (Comparison comparison = new Comparison(place, schedule, toolbox, results)) {
                for (Cell cell : cells) {
                    if (cell.places().contains(place)) {
                        Map<String, String> failures = comparison.measure(cell);
                        complete &= failures.isEmpty();
                        report.print(place, cell, failures);
                    }
                }
            }
        }
        report.printGoals(cells);
        if (file != null) {
            ResultFile.write(Path.of(file), cells, results);
        }
        return complete;
    }

    private List<Place> places(@Nullable String wanted) throws UsageException {
        List<Place> places = new ArrayList<>(List.of(Place.values()));
        if (wanted != null) {
            places.removeIf(place -> !place.toString().equals(wanted.toLowerCase(Locale.ROOT)));
            if (places.isEmpty()) {
                throw new UsageException("--place must be same or free: " + wanted);
            }
        }
        if (places.contains(Place.SAME) && !Toolchain.has("taskset")) {
            out.println("There is no taskset on this machine: nothing is measured on one CPU.");
            places.remove(Place.SAME);
        }
        return places;
    }

    private void list(List<Cell> cells) {
        for (Cell cell : cells) {
            out.println(cell.name() + ": " + cell.shows());
            cell.subjects().forEach(subject -> out.println("    " + subject.name()));
        }
    }
}
