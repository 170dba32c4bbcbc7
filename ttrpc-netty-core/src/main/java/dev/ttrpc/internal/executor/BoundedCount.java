package dev.ttrpc.internal.executor;

import java.util.concurrent.atomic.AtomicInteger;

/** A count, from any thread, that never goes above its limit, not even for a moment. */
final class BoundedCount {
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    BoundedCount(int limit) {
        this.limit = limit;
    }

    /** Counts one more, or returns false at the limit. */
    boolean tryIncrement() {
        int current = count.get();
        while (current < limit) {
            if (count.compareAndSet(current, current + 1)) {
                return true;
            }
            current = count.get();
        }
        return false;
    }

    void decrement() {
        count.decrementAndGet();
    }

    int get() {
        return count.get();
    }

    int limit() {
        return limit;
    }

    boolean isAtLimit() {
        return count.get() == limit;
    }
}
