package dev.ttrpc.internal.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one connection may hold encoded and not yet written. Output is reserved first, in the order of asking, and encoded then; what is larger than all of it goes
 * alone. Any thread.
 *
 * <p>No grant is missed: a waiter counts itself in {@code waiting} before it looks at {@code available} for the last time, and a release adds to {@code available}
 * before it looks at {@code waiting}.
 */
public final class SendBudget {
    private final long capacity;
    private final AtomicLong available;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock(); // guards waiters; held for a few steps, never while waiting
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final @Nullable WaitingListener listener;

    /** Told when the first begins to wait, when none is left, and when a budget that was used up has room again. Called by whoever causes it; it must not wait. */
    @FunctionalInterface
    public interface WaitingListener {
        /** @param waiting whether anybody waits, as {@link #isWaited} would say */
        void onWaiting(boolean waiting);
    }

    public SendBudget(long capacity, @Nullable WaitingListener listener) {
        this.capacity = capacity;
        this.available = new AtomicLong(capacity);
        this.listener = listener;
    }

    /** Somebody's place in the queue. */
    public final class Waiter {
        private final long bytes;
        private final Runnable granted;
        private boolean done;

        private Waiter(long bytes, Runnable granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        /** Takes its place at the end of the queue. Once; nothing where it was cancelled before. */
        public void join() {
            List<Waiter> next;
            lock.lock();
            try {
                if (done) {
                    return;
                }
                waiters.add(this);
                if (waiting.incrementAndGet() == 1) {
                    tell(true);
                }
                next = grantable();
            } finally {
                lock.unlock();
            }
            run(next);
            if (!next.isEmpty() && waiting.get() == 0) {
                tell(false);
            }
        }

        /**
         * Leaves the queue.
         *
         * @return false where the bytes were granted: the caller has them to use or to release
         */
        public boolean cancel() {
            List<Waiter> next;
            lock.lock();
            try {
                if (done) {
                    return false;
                }
                done = true;
                if (!waiters.remove(this)) {
                    return true; // it has not joined and never will
                }
                waiting.decrementAndGet();
                next = grantable();
            } finally {
                lock.unlock();
            }
            run(next);
            if (waiting.get() == 0) {
                tell(false);
            }
            return true;
        }
    }

    /** Reserves at once, unless that would overtake somebody or there is not enough. */
    public boolean tryReserve(long bytes) {
        return waiting.get() == 0 && take(bytes);
    }

    /** A place in the queue, not yet taken: {@code granted} runs once, on the thread that made room or the one that joins, and must not wait. */
    public Waiter waiter(long bytes, Runnable granted) {
        return new Waiter(bytes, granted);
    }

    /** Reserves in turn: {@code granted} runs once, on the thread that made room or this one, and must not wait. */
    public Waiter reserve(long bytes, Runnable granted) {
        Waiter waiter = waiter(bytes, granted);
        waiter.join();
        return waiter;
    }

    /** Reserves without asking, for short frames that must go: the budget may be overdrawn by them. */
    public void force(long bytes) {
        available.addAndGet(-bytes);
    }

    /** Gives bytes back that were written or will never be. */
    public void release(long bytes) {
        long now = available.addAndGet(bytes);
        if (waiting.get() > 0) {
            List<Waiter> next;
            lock.lock();
            try {
                next = grantable();
            } finally {
                lock.unlock();
            }
            run(next);
            if (!next.isEmpty() && waiting.get() == 0) {
                tell(false);
            }
        } else if (now > 0 && now <= bytes) {
            tell(false);
        }
    }

    /** Whether anybody waits. */
    public boolean isWaited() {
        return waiting.get() > 0;
    }

    /** Bytes reserved. */
    public long reserved() {
        return capacity - available.get();
    }

    private boolean take(long bytes) {
        while (true) {
            long now = available.get();
            if (now < bytes && now < capacity) {
                return false;
            }
            if (available.compareAndSet(now, now - bytes)) {
                return true;
            }
        }
    }

    private List<Waiter> grantable() {
        List<Waiter> granted = List.of();
        for (Waiter first = waiters.peek(); first != null && take(first.bytes); first = waiters.peek()) {
            waiters.remove();
            first.done = true;
            waiting.decrementAndGet();
            if (granted.isEmpty()) {
                granted = new ArrayList<>();
            }
            granted.add(first);
        }
        return granted;
    }

    private static void run(List<Waiter> granted) {
        granted.forEach(waiter -> waiter.granted.run());
    }

    private void tell(boolean now) {
        if (listener != null) {
            listener.onWaiting(now);
        }
    }
}
