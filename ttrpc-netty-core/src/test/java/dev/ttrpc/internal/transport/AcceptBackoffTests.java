package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.TtrpcAddress;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptBackoffTests {

    private int failures;
    private final EmbeddedChannel listening =
            new EmbeddedChannel(new AcceptBackoff(new TtrpcAddress.InProcess("x"), () -> failures++));

    @BeforeEach
    void freeze() {
        listening.freezeTime();
    }

    @AfterEach
    void finish() {
        listening.checkException();
        listening.finishAndReleaseAll();
    }

    @Test
    void pausesTwiceAsLongAfterEachErrorUpToASecond() {
        for (long pause : new long[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000}) {
            fail();
            assertThat(accepts()).isFalse();
            advance(pause - 1);
            assertThat(accepts()).isFalse();
            advance(1);
            assertThat(accepts()).as("after %d ms", pause).isTrue();
        }
    }

    @Test
    void beginsAnewAfterAnAcceptedConnection() {
        fail();
        advance(1);
        fail();
        advance(2);
        listening.writeInbound("a connection");
        assertThat(listening.<String>readInbound()).isEqualTo("a connection");
        fail();
        advance(1);
        assertThat(accepts()).isTrue();
    }

    @Test
    void errorsDuringAPauseDoNotProlongIt() {
        fail();
        fail();
        fail();
        assertThat(failures).isEqualTo(1);
        advance(1);
        assertThat(accepts()).isTrue();
    }

    @Test
    void keepsTheListenerOpen() {
        fail();
        assertThat(listening.isOpen()).isTrue();
    }

    private void fail() {
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }

    private boolean accepts() {
        return listening.config().isAutoRead();
    }

    private void advance(long millis) {
        listening.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
    }
}
