package dev.ttrpc.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(30)
@ExtendWith(BlockingCheck.class)
class LastStreamIdTests {
    private static final Marshaller<String> EMPTY = new Marshaller<>() {
        @Override
        public int size(String message) {
            return 0;
        }

        @Override
        public void write(String message, ByteBuffer target) {}

        @Override
        public String parse(ByteBuffer source) {
            return "";
        }
    };

    @Test
    void callsBehindTheLastIdOfAConnectionGetTheNextOne() throws Exception {
        MethodDescriptor<String, String> method = MethodDescriptor.unary("test.Ids", "Empty", EMPTY, EMPTY);
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(ServiceDefinition.builder("test.Ids")
                                .unary(method, request -> "")
                                .build())
                        .build()
                        .start();
                TtrpcChannel channel = new NettyChannelBuilder()
                        .firstStreamId(-1)
                        .address(server.addresses().get(0))
                        .build()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // all of them wait for the first connection
                calls.add(channel.unaryAsync(method, "", CallOptions.DEFAULT));
            }
            for (CompletableFuture<String> call : calls) {
                assertThat(call.get(10, TimeUnit.SECONDS)).isEmpty();
            }
            assertThat(server.statistics().connectionsAccepted()).isEqualTo(3); // each has had its last id
        }
    }

    @Test
    void callsThatRunFinishOnTheConnectionWhoseIdsAreUsedUp() throws Exception {
        MethodDescriptor<String, String> method = MethodDescriptor.unary("test.Ids", "Empty", EMPTY, EMPTY);
        Queue<CompletableFuture<String>> running = new ConcurrentLinkedQueue<>();
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(ServiceDefinition.builder("test.Ids")
                                .unaryAsync(method, request -> {
                                    CompletableFuture<String> answer = new CompletableFuture<>();
                                    running.add(answer);
                                    return answer;
                                })
                                .build())
                        .build()
                        .start();
                TtrpcChannel channel = new NettyChannelBuilder()
                        .firstStreamId(-3) // two are left of each connection's
                        .address(server.addresses().get(0))
                        .build()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                calls.add(channel.unaryAsync(method, "", CallOptions.DEFAULT));
                int begun = i;
                Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> running.size() == begun);
            }
            assertThat(server.connections()).isEqualTo(2);
            assertThat(calls).noneMatch(CompletableFuture::isDone);
            running.forEach(answer -> answer.complete(""));
            for (CompletableFuture<String> call : calls) {
                assertThat(call.get(10, TimeUnit.SECONDS)).isEmpty();
            }
            Awaitility.await().until(() -> server.connections() == 0);
            assertThat(channel.statistics().connectionsLost()).isZero();
        }
    }
}
