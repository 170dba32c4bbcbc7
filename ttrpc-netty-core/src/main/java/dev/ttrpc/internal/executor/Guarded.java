package dev.ttrpc.internal.executor;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import dev.ttrpc.internal.logging.FailureLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a task such that whatever it throws ends in the log and not in the thread. */
final class Guarded {
    private static final Logger log = LoggerFactory.getLogger(HandlerExecutor.class);

    private Guarded() {}

    static void run(HandlerTask task) {
        try {
            task.run();
        } catch (Throwable e) {
            FailureLog.error(log, "The task of " + task.name() + " failed; its call may be left without an answer", e);
        }
    }

    static void drop(HandlerTask task) {
        try {
            task.dropped();
        } catch (Throwable e) {
            FailureLog.error(log, "The task of " + task.name() + " failed while it was dropped", e);
        }
    }
}
