package dev.ttrpc.internal.executor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Keeps what this package logs, away from the console, until it is closed. */
final class RecordedLog implements AutoCloseable {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final List<Logger> loggers = Stream.of(HandlerExecutor.class, HandlerPool.class, SuppliedExecutor.class)
            .map(type -> (Logger) LoggerFactory.getLogger(type))
            .toList();

    RecordedLog() {
        appender.start();
        loggers.forEach(logger -> {
            logger.setAdditive(false);
            logger.addAppender(appender);
        });
    }

    List<String> messages(Level level) {
        return appender.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        loggers.forEach(logger -> {
            logger.detachAppender(appender);
            logger.setAdditive(true);
        });
    }
}
