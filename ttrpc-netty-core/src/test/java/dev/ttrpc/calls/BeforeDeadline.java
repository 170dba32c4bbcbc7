package dev.ttrpc.calls;

import dev.ttrpc.Deadline;
import dev.ttrpc.client.CallOptions;
import java.time.Duration;

/** Brings calls with a deadline to where a test wants them before it passes: a busy machine may take more than one attempt, each with four times the time. */
final class BeforeDeadline {
    private BeforeDeadline() {}

    /** Comes to the point from which on only the deadline is waited for. */
    @FunctionalInterface
    interface Attempt<T> {
        T reach(CallOptions options) throws Exception;
    }

    /** Does away with what an attempt has left that took too long. */
    @FunctionalInterface
    interface Restart {
        void run() throws Exception;
    }

    static <T> T reach(Duration first, Restart restart, Attempt<T> attempt) throws Exception {
        for (Duration time = first; ; time = time.multipliedBy(4)) {
            Deadline deadline = Deadline.after(time);
            try {
                T reached = attempt.reach(CallOptions.DEFAULT.withDeadline(deadline));
                if (!deadline.isExpired()) {
                    return reached;
                }
            } catch (Exception | AssertionError e) {
                if (!deadline.isExpired()) {
                    throw e;
                }
            }
            restart.run();
        }
    }
}
