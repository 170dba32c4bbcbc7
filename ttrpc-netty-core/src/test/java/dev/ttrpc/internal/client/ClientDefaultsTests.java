package dev.ttrpc.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.client.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a channel is that was told nothing but its address. */
class ClientDefaultsTests {
    @Test
    void limitsOfAChannelThatWasToldNone() {
        try (NettyChannel channel = (NettyChannel)
                new NettyChannelBuilder().address("tcp://127.0.0.1:1").build()) {
            ClientConfig config = channel.config();
            assertThat(config.deadline()).isNull();
            assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(config.waitForReady()).isFalse();
            assertThat(config.retry()).isSameAs(RetryPolicy.NONE);
            assertThat(config.maxMessage()).isEqualTo(4 << 20);
            assertThat(config.receiveBudget()).isEqualTo(16 << 20);
            assertThat(config.sendBudget()).isEqualTo(1 << 20);
            assertThat(config.stallTimeout()).isEqualTo(Duration.ofSeconds(1));
            assertThat(config.firstStreamId()).isEqualTo(1);
        }
    }
}
