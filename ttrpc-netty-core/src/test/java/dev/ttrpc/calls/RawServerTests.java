package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scripted peer does what its script says. */
@Timeout(30)
class RawServerTests {
    @Test
    void severalConnectionsInTurn() throws Exception {
        try (RawServer server = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(server.address()).build()) {
            for (int i = 0; i < 3; i++) {
                CompletableFuture<String> answer = channel.unaryAsync(Texts.ECHO, "hi", CallOptions.DEFAULT);
                try (RawServer.Connection connection = server.accept()) {
                    assertThat(connection.read().id()).isEqualTo(1);
                    connection.answer(1, "answer");
                    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("answer");
                    connection.halfClose();
                    assertThat(connection.isClosed()).isTrue();
                }
            }
            assertThat(server.hasNoNewConnection()).isTrue();
        }
    }
}
