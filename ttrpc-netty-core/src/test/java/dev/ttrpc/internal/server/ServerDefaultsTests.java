package dev.ttrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a server is that was told nothing. */
class ServerDefaultsTests {
    @Test
    void limitsOfAServerThatWasToldNone() {
        try (NettyServer server = (NettyServer) new NettyServerBuilder().build()) {
            ServerConfig config = server.config();
            assertThat(config.maxMessage()).isEqualTo(4 << 20);
            assertThat(config.maxMetadata()).isEqualTo(64 << 10);
            assertThat(config.maxConcurrentCalls()).isEqualTo(4096);
            assertThat(config.maxConnections()).isEqualTo(10_000);
            assertThat(config.maxCallNanos()).isZero();
            assertThat(config.receiveBudget()).isEqualTo(16 << 20);
            assertThat(config.sendBudget()).isEqualTo(1 << 20);
            assertThat(config.stallNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
            assertThat(config.strictStreamIds()).isFalse();
            assertThat(config.exposeFailures()).isFalse();
            assertThat(config.interruptOnCancel()).isFalse();
        }
    }
}
