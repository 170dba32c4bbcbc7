package dev.ttrpc.verification.benchmarks.load;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How often each number came by. Any thread. */
public final class Counted {
    private static final int BITS = Long.SIZE;

    private final AtomicLongArray seen;
    private final LongAdder total = new LongAdder();
    private final LongAdder twice = new LongAdder();

    /** @param numbers how many numbers are told apart: 0 to this less one */
    public Counted(int numbers) {
        this.seen = new AtomicLongArray((numbers + BITS - 1) / BITS);
    }

    /** Counts a number. What is out of the range counts in the total only. */
    public void count(long number) {
        total.increment();
        if (number < 0 || number >= (long) seen.length() * BITS) {
            return;
        }
        long bit = 1L << number;
        long before = seen.getAndUpdate((int) (number / BITS), bits -> bits | bit);
        if ((before & bit) != 0) {
            twice.increment();
        }
    }

    /** How often anything was counted. */
    public long total() {
        return total.sum();
    }

    /** How often a number came that had come before. */
    public long twice() {
        return twice.sum();
    }
}
