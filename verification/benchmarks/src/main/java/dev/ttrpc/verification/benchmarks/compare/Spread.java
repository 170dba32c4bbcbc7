package dev.ttrpc.verification.benchmarks.compare;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** The least, the middle and the greatest of some numbers. */
record Spread(double min, double median, double max) {
    static Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no numbers");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    String format(String each) {
        return String.format(Locale.ROOT, each + each + each, min, median, max);
    }
}
