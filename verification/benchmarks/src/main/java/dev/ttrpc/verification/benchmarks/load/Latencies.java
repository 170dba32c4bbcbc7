package dev.ttrpc.verification.benchmarks.load;

import java.util.Arrays;

/** How long calls took, one after the other. For one thread; the answers when it has ended. */
public final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    public int count() {
        return count;
    }

    /** Milliseconds within which 99 of 100 ended. */
    public double p99Millis() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[(int) Math.ceil(count * 0.99) - 1] / 1e6;
    }

    public double longestMillis() {
        return Arrays.stream(nanos, 0, count).max().orElse(0) / 1e6;
    }

    /** How many took longer. */
    public long longerThan(double millis) {
        return Arrays.stream(nanos, 0, count)
                .filter(each -> each > millis * 1e6)
                .count();
    }
}
