package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.stream.SendBudget;

/** Lets a test that has one thread for everything go on with the rest while a caller or a handler waits on it. */
public final class HandParking {
    private HandParking() {}

    /**
     * Until the result is closed this thread does something else whenever it would wait. Other threads wait as ever.
     *
     * @param forOutput where it waits for its turn to send
     * @param forOthers where it waits for anything else
     */
    public static AutoCloseable insteadOfWaiting(Runnable forOutput, Runnable forOthers) {
        Thread thread = Thread.currentThread();
        Waits.Parking[] was = new Waits.Parking[1];
        was[0] = Waits.parking((blocker, deadline) -> {
            if (Thread.currentThread() == thread) {
                (blocker instanceof SendBudget ? forOutput : forOthers).run();
            } else {
                was[0].park(blocker, deadline);
            }
        });
        return () -> Waits.parking(was[0]);
    }
}
