package dev.ttrpc.verification.benchmarks;

import java.util.Scanner;

/**
 * What one loop of load has counted.
 *
 * @param calls answered calls
 * @param nanos from the first request to the last answer
 * @param medianNanos half of the calls were answered within this, 0 where more than one call was in flight
 * @param p99Nanos the same for 99 of 100
 */
record LoadResult(long calls, long nanos, long medianNanos, long p99Nanos) {
    double callsPerSecond() {
        return calls * 1e9 / nanos;
    }

    /** The line by which the process of the load generator tells its result. */
    String toLine() {
        return calls + " " + nanos + " " + medianNanos + " " + p99Nanos;
    }

    static LoadResult ofLine(String line) {
        try (Scanner numbers = new Scanner(line)) {
            return new LoadResult(numbers.nextLong(), numbers.nextLong(), numbers.nextLong(), numbers.nextLong());
        }
    }
}
