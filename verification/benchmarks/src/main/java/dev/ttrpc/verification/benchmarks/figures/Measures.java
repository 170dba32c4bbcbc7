package dev.ttrpc.verification.benchmarks.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured for one figure, each value beside its limit. */
final class Measures {
    private static final double MIB = 1 << 20;

    private final List<String> values = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** A number that must be this one. */
    void exactly(String what, long measured, long expected) {
        add(what + " " + measured + " (limit " + expected + ")", measured == expected);
    }

    /** A number that must not be greater. */
    void atMost(String what, long measured, long limit) {
        add(what + " " + measured + " (limit " + limit + ")", measured <= limit);
    }

    /** A time that must be shorter. */
    void below(String what, double millis, double limitMillis) {
        add(String.format(Locale.ROOT, "%s %.1f ms (limit %.0f ms)", what, millis, limitMillis), millis < limitMillis);
    }

    /** Bytes that must be fewer. */
    void bytesBelow(String what, long bytes, long limit) {
        add(String.format(Locale.ROOT, "%s %.1f MiB (limit %.1f MiB)", what, bytes / MIB, limit / MIB), bytes < limit);
    }

    /** Sentences that say what is left where nothing should be. */
    void nothing(String what, List<String> left) {
        add(what + " " + (left.isEmpty() ? "nothing" : String.join("; ", left)) + " (limit nothing)", left.isEmpty());
    }

    /** A value without a limit. */
    void note(String what) {
        values.add(what);
    }

    /** What kept the figure from being measured to its end. */
    void failed(String what) {
        failures.add(what);
    }

    boolean areGood() {
        return failures.isEmpty();
    }

    /** The line of the report. */
    String line(String name) {
        String measured = "measured " + String.join(", ", values);
        return areGood()
                ? "ok " + name + ": " + measured
                : "FAILED " + name + ": " + String.join(", ", failures) + "; " + measured;
    }

    private void add(String value, boolean good) {
        values.add(value);
        if (!good) {
            failures.add(value);
        }
    }
}
