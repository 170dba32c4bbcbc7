package dev.ttrpc.internal.connection;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one thread for its call. What it waits for decides what an end of the call means to it; only an interrupt and the deadline make it give up.
 *
 * <p>No wake-up is missed: the thread is known before it looks, and whoever changes what it looks at wakes it behind the change.
 */
public final class CallerWait {
    private volatile @Nullable Thread waiting; // the thread that waits, unparked by the event loop

    /** This thread is to be woken from here on, also while it waits for output first. */
    public void begin() {
        waiting = Thread.currentThread();
    }

    /** Has the thread look again. Any thread. */
    public void wake() {
        LockSupport.unpark(waiting);
    }

    /**
     * Waits until {@code over} holds.
     *
     * @throws TtrpcException CANCELLED where the thread was interrupted, DEADLINE_EXCEEDED where the deadline has passed before the event loop said so
     */
    public void until(StreamHalf half, BooleanSupplier over) {
        begin();
        try {
            while (!over.getAsBoolean()) {
                Status stop = half.ended() == null ? MessageSender.reasonToGiveUp(half) : null;
                if (stop == null) {
                    Waits.park(this, half.deadline());
                } else if (!over.getAsBoolean()) { // else it came meanwhile
                    throw half.over(stop);
                }
            }
        } finally {
            waiting = null;
        }
    }
}
