package dev.ttrpc.verification.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** All samples as a table for programs: a line a sample, tabs between the columns, their names in the first line. */
final class ResultFile {
    private static final List<String> COLUMNS = List.of(
            "place",
            "cell",
            "subject",
            "round",
            "count",
            "per_second",
            "server_cpu_us",
            "client_cpu_us",
            "p50_us",
            "p99_us");

    private ResultFile() {}

    static void write(Path file, List<Cell> cells, Results results) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            out.println(String.join("\t", COLUMNS));
            for (Cell cell : cells) {
                for (Place place : cell.places()) {
                    for (Subject subject : cell.subjects()) {
                        int round = 0;
                        for (Sample sample : results.of(place, cell.name(), subject.name())) {
                            out.printf(
                                    Locale.ROOT,
                                    "%s\t%s\t%s\t%d\t%d\t%.1f\t%.3f\t%.3f\t%.3f\t%.3f%n",
                                    place,
                                    cell.name(),
                                    subject.name(),
                                    round++,
                                    sample.load().count(),
                                    sample.perSecond(),
                                    sample.serverMicros(),
                                    sample.clientMicros(),
                                    sample.medianMicros(),
                                    sample.p99Micros());
                        }
                    }
                }
            }
        }
    }
}
