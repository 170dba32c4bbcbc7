package dev.ttrpc.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RareWarningTests {
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(RareWarningTests.class);
    private long now = Long.MAX_VALUE - 1; // the clock of a machine may overflow
    private final RareWarning warning = new RareWarning(log, () -> now);

    @BeforeEach
    void record() {
        logged.start();
        log.setAdditive(false);
        log.setLevel(Level.INFO);
        log.addAppender(logged);
    }

    @AfterEach
    void forget() {
        log.detachAppender(logged);
        log.setLevel(null);
        log.setAdditive(true);
    }

    @Test
    void theFirstIsLoggedAtOnce() {
        warning.warn(() -> "refused");
        assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("refused");
    }

    @Test
    void oneAMinuteIsLoggedAndTellsHowManyWereLeftOut() {
        for (int i = 0; i < 1000; i++) {
            warning.warn(() -> "refused");
        }
        now += RareWarning.INTERVAL_NANOS - 1;
        warning.warn(() -> "refused");
        now++;
        warning.warn(() -> "refused again");
        now += RareWarning.INTERVAL_NANOS;
        warning.warn(() -> "refused at last");
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "refused", "refused again (and 1000 more since the last such warning)", "refused at last");
    }

    @Test
    void textThatCannotBeToldHarmsNobody() {
        warning.warn(() -> {
            throw new IllegalStateException("no text");
        });
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "A failure, which failed itself with java.lang.IllegalStateException when it was asked");
    }

    @Test
    void whatIsLeftOutStandsInTheLogAtDebugLevel() {
        log.setLevel(Level.DEBUG);
        warning.warn(() -> "one");
        warning.warn(() -> "two");
        assertThat(logged.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.DEBUG);
    }
}
