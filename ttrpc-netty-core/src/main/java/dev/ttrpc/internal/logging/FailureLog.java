package dev.ttrpc.internal.logging;

import org.slf4j.Logger;

/** Logs what code of the user has thrown, which may throw itself when it is asked for its message or its cause. */
public final class FailureLog {
    private FailureLog() {}

    /** Logs an error with its stack trace, or with the failure's type where it can tell no more. Throws nothing. */
    public static void error(Logger log, String text, Throwable failure) {
        try {
            log.error(text, failure);
        } catch (RuntimeException | Error e) {
            log.error(
                    "{}: {}, which failed itself with {} when it was asked",
                    text,
                    failure.getClass().getName(),
                    e.getClass().getName());
        }
    }
}
