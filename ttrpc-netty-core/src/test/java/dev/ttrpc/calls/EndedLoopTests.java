package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A channel whose event loop ends under it, because its resources were closed first. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class EndedLoopTests {
    private static final CallOptions WAITING = CallOptions.DEFAULT.withWaitForReady(true);

    private final TransportResources resources = TransportResources.builder().build();

    private static Throwable failureOf(CompletableFuture<?> call) {
        return catchThrowable(() -> call.get(10, TimeUnit.SECONDS)).getCause();
    }

    @Test
    void callsThatWaitForAConnectionEndWhileTheChannelBacksOff() {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("tcp://127.0.0.1:1")
                .resources(resources)
                .build();
        CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", WAITING);
        CompletableFuture<String> timed =
                channel.unaryAsync(Texts.ECHO, "a", WAITING.withDeadline(Duration.ofMinutes(1)));
        Awaitility.await().until(() -> channel.state() == ChannelState.TRANSIENT_FAILURE);
        resources.close();
        assertThat(failureOf(call))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        lost -> assertThat(lost.neverSent()).isTrue());
        assertThat(failureOf(timed)).isInstanceOf(ConnectionLostException.class);
        assertThat(channel.liveCalls()).isZero();
        assertThat(channel.state()).isEqualTo(ChannelState.SHUTDOWN);
    }

    @Test
    void shutdownThatWaitsForCallsEnds() throws Exception {
        try (RawServer server = new RawServer()) {
            TtrpcChannel channel = TtrpcChannel.builder()
                    .address(server.address())
                    .resources(resources)
                    .build();
            CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
            CompletableFuture<Void> end = channel.shutdown(Duration.ofMinutes(1));
            resources.close();
            assertThat(failureOf(call)).isInstanceOf(ConnectionLostException.class);
            end.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void callsThatComeLaterAreRefusedHoweverManyAndHoldNoOutput() throws Exception {
        try (TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .build()
                .start()) {
            TtrpcChannel channel = TtrpcChannel.builder()
                    .address(server.addresses().get(0))
                    .resources(resources)
                    .build();
            channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT);
            resources.close();
            String large = "x".repeat(100_000);
            for (int i = 0; i < 20; i++) { // together more than the send budget
                assertThat(catchThrowable(() -> channel.unary(Texts.ECHO, large, CallOptions.DEFAULT)))
                        .isInstanceOf(ConnectionLostException.class);
            }
            assertThat(channel.liveCalls()).isZero();
        }
    }
}
