package dev.ttrpc.verification.benchmarks.load;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What was done so far, by kind, and what went wrong. Any thread. */
public final class Tally {
    private static final int PRINTED = 50;

    private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
    private final LongAdder failures = new LongAdder();

    public void done(String kind) {
        done.computeIfAbsent(kind, key -> new LongAdder()).increment();
    }

    /** Counts a failure, and prints it on standard error unless there were many. */
    public void failed(String what, Throwable failure) {
        failures.increment();
        if (failures.sum() <= PRINTED) {
            System.err.println("FAILED " + what + ": " + failure);
            failure.printStackTrace(System.err);
        }
    }

    public long failures() {
        return failures.sum();
    }

    public long total() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** All counts in one line, the failures first. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder("failures=" + failures());
        line.append(" done=").append(total());
        done.forEach((kind, count) -> line.append(' ').append(kind).append('=').append(count.sum()));
        return line.toString();
    }
}
