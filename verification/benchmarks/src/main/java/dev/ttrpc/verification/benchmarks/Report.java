package dev.ttrpc.verification.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Prints samples as tables: least, median and greatest of the rounds, and each subject as a multiple of the first. */
final class Report {
    private static final String ROW = "  %-34s";
    private static final String NUMBER = "%10.0f";
    private static final String MICROS = "%10.1f";
    private static final String RATIO = "%10.2f";

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(String where, Map<Load, Map<Subject, List<Sample>>> samples) {
        samples.forEach((load, bySubject) -> {
            out.printf("%n%-36s%10s%10s%10s%n", where + ", " + load, "min", "median", "max");
            table(bySubject, "calls/s", Sample::callsPerSecond, NUMBER);
            table(bySubject, "us of CPU a call, server", Sample::serverMicrosPerCall, MICROS);
            table(bySubject, "us of CPU a call, load generator", Sample::loadMicrosPerCall, MICROS);
            if (load.inFlight() == 1) {
                table(bySubject, "us a call, median", sample -> sample.load().medianNanos() / 1e3, MICROS);
                table(bySubject, "us a call, 99 of 100", sample -> sample.load().p99Nanos() / 1e3, MICROS);
            }
            ratios(bySubject);
        });
    }

    private void table(
            Map<Subject, List<Sample>> bySubject, String what, ToDoubleFunction<Sample> figure, String format) {
        out.println(" " + what);
        bySubject.forEach((subject, samples) ->
                row(subject.toString(), Spread.of(samples.stream().mapToDouble(figure)), format));
    }

    private void ratios(Map<Subject, List<Sample>> bySubject) {
        List<Sample> base = bySubject.values().iterator().next();
        Subject first = bySubject.keySet().iterator().next();
        out.println(" calls/s, times that of " + first + " in the same round");
        bySubject.forEach((subject, samples) -> {
            if (!subject.equals(first)) {
                row(subject.toString(), ratio(samples, base, Sample::callsPerSecond), RATIO);
            }
        });
        out.println(" calls for a second of the server's CPU, times that of " + first + " in the same round");
        bySubject.forEach((subject, samples) -> {
            if (!subject.equals(first)) {
                row(subject.toString(), ratio(samples, base, sample -> 1 / sample.serverMicrosPerCall()), RATIO);
            }
        });
    }

    private static Spread ratio(List<Sample> samples, List<Sample> base, ToDoubleFunction<Sample> figure) {
        return Spread.of(IntStream.range(0, base.size())
                .mapToDouble(
                        round -> figure.applyAsDouble(samples.get(round)) / figure.applyAsDouble(base.get(round))));
    }

    private void row(String label, Spread spread, String format) {
        out.println(String.format(Locale.ROOT, ROW, label) + spread.format(format));
    }
}
