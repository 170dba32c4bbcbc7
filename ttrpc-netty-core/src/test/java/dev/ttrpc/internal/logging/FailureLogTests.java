package dev.ttrpc.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTests {
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(FailureLogTests.class);

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @BeforeEach
    void record() {
        logged.start();
        log.setAdditive(false);
        log.addAppender(logged);
    }

    @AfterEach
    void forget() {
        log.detachAppender(logged);
        log.setAdditive(true);
    }

    @Test
    void failureIsLoggedWithItsStackTrace() {
        FailureLog.error(log, "It failed", new IllegalStateException("so"));
        assertThat(logged.list).hasSize(1);
        assertThat(logged.list.get(0).getThrowableProxy().getMessage()).isEqualTo("so");
    }

    @Test
    void failureThatCannotTellItsMessageIsLoggedByItsType() {
        FailureLog.error(log, "It failed", new Mute());
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("It failed: " + Mute.class.getName()
                        + ", which failed itself with java.lang.IllegalStateException when it was asked");
    }
}
