package dev.ttrpc.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/** Looks at what is logged while a target runs: a failure that nobody intended is a finding. */
final class LogWatch extends TurboFilter implements AutoCloseable {
    /** What may be logged although no {@link Intended} failure is the cause. */
    private static final List<String> EXPECTED = List.of(
            "the handler returned null",
            "a frame begins with length",
            "an interceptor neither proceeded nor ended the call",
            "a call that the handler made failed",
            "a subscriber must request more than 0",
            "RejectedExecutionException");

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Thread thread = Thread.currentThread();
    private AssertionError finding;

    LogWatch() {
        setContext(context);
        start();
        context.addTurboFilter(this);
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable failure) {
        if (Thread.currentThread() != thread || level.toInt() < Level.WARN_INT) {
            return FilterReply.NEUTRAL;
        }
        if (format != null && finding == null) { // null only asks for the level
            Throwable last = failure;
            for (Object argument : arguments == null ? new Object[0] : arguments) {
                last = argument instanceof Throwable thrown ? thrown : last;
            }
            if (!isIntended(last) && !(last instanceof AssertionError)) { // a finding of its own
                String message = MessageFormatter.arrayFormat(format, arguments).getMessage() + " " + last;
                if (EXPECTED.stream().noneMatch(message::contains)) {
                    finding = new AssertionError(logger.getName() + " logged: " + message, last);
                }
            }
        }
        return FilterReply.DENY;
    }

    private static boolean isIntended(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Intended) {
                return true;
            }
        }
        return false;
    }

    void check() {
        if (finding != null) {
            throw finding;
        }
    }

    @Override
    public void close() {
        context.getTurboFilterList().remove(this);
    }
}
