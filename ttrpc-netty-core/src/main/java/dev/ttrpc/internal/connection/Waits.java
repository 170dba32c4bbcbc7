package dev.ttrpc.internal.connection;

import dev.ttrpc.Deadline;
import dev.ttrpc.internal.transport.TtrpcEventLoopThread;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The rules of waiting: never on an event loop, never past the deadline. */
public final class Waits {
    private static volatile Parking parking = Waits::parkThread; // replaced by tests, read by every thread that waits

    private Waits() {}

    /**
     * Refuses to wait where the answer could never come.
     *
     * @throws IllegalStateException on an event loop of ttrpc
     */
    public static void checkMayWait() {
        if (Thread.currentThread() instanceof TtrpcEventLoopThread) {
            throw new IllegalStateException("a blocking call on an event loop of ttrpc would wait for itself: "
                    + "use the async client here, or give the channel a callbackExecutor");
        }
    }

    /** Parks until unparked, interrupted, or the deadline has passed; may return early. */
    public static void park(Object blocker, @Nullable Deadline deadline) {
        parking.park(blocker, deadline);
    }

    /** How a thread waits. Tests that run everything on one thread do something else meanwhile. */
    @FunctionalInterface
    interface Parking {
        void park(Object blocker, @Nullable Deadline deadline);
    }

    /** Replaces it, and returns what it was. */
    static Parking parking(Parking other) {
        Parking was = parking;
        parking = other;
        return was;
    }

    private static void parkThread(Object blocker, @Nullable Deadline deadline) {
        if (deadline == null) {
            LockSupport.park(blocker);
        } else {
            long left = deadline.remainingNanos();
            if (left > 0) {
                LockSupport.parkNanos(blocker, left);
            }
        }
    }
}
