package dev.ttrpc.internal.executor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for work; the one that came last is called first, since its caches are warm and the others may
 * then grow old and end. Without a lock: a linked list that changes at its top only, a new node for each wait.
 *
 * <p>A thread that has waited long enough withdraws; its node, which then knows nobody, is unlinked once it comes to the
 * top. A pool makes a thread only when the stack is empty, so there are never more nodes than threads allowed.
 */
final class IdleStack<T> {
    private final AtomicReference<@Nullable Wait<T>> top = new AtomicReference<>();

    Wait<T> push(T waiter) {
        Wait<T> wait = new Wait<>(waiter);
        do {
            wait.below = top.get();
        } while (!top.compareAndSet(wait.below, wait));
        return wait;
    }

    /** The waiter that came last and still waits; it waits no longer. Null when none does. */
    @Nullable
    T pop() {
        for (Wait<T> wait = top.get(); wait != null; wait = top.get()) {
            if (top.compareAndSet(wait, wait.below) && wait.end()) {
                return wait.waiter;
            }
        }
        return null;
    }

    /** Ends a wait whose thread is about to end; true unless it was called before. */
    boolean withdraw(Wait<T> wait) {
        if (!wait.end()) {
            return false;
        }
        wait.waiter = null; // for nobody else, who would have to end the wait first
        for (Wait<T> first = top.get(); first != null && first.isOver(); first = top.get()) {
            top.compareAndSet(first, first.below);
        }
        return true;
    }

    /** False means nothing: the waiters may all have withdrawn. */
    boolean isEmpty() {
        return top.get() == null;
    }

    /** How many wait. */
    int size() {
        int size = 0;
        for (Wait<T> wait = top.get(); wait != null; wait = wait.below) {
            size += wait.isOver() ? 0 : 1;
        }
        return size;
    }

    /** One wait of one thread. It ends once: because the thread is called, or because it withdraws. */
    static final class Wait<T> {
        private @Nullable T waiter; // of the one who ended the wait
        private final AtomicBoolean over = new AtomicBoolean();
        private @Nullable Wait<T> below;

        private Wait(T waiter) {
            this.waiter = waiter;
        }

        boolean isOver() {
            return over.get();
        }

        /** True for the one who ended the wait. */
        boolean end() {
            return over.compareAndSet(false, true);
        }
    }
}
