package dev.ttrpc.verification.benchmarks;

import java.util.Scanner;

/**
 * What one loop of load has counted.
 *
 * @param count answered calls, or messages of streams
 * @param nanos from the first request to the last answer
 * @param medianNanos half of the calls were answered within this, 0 where more than one call was in flight
 * @param p99Nanos the same for 99 of 100
 */
public record LoadResult(long count, long nanos, long medianNanos, long p99Nanos) {
    public double perSecond() {
        return count * 1e9 / nanos;
    }

    /** The line by which the process of the load generator tells its result. */
    String toLine() {
        return count + " " + nanos + " " + medianNanos + " " + p99Nanos;
    }

    public static LoadResult ofLine(String line) {
        try (Scanner numbers = new Scanner(line)) {
            return new LoadResult(numbers.nextLong(), numbers.nextLong(), numbers.nextLong(), numbers.nextLong());
        }
    }
}
