package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.internal.connection.ReceiveBudgets;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all connections of servers, or of channels, may hold together. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class SharedBudgetTests {
    private final TransportResources resources =
            TransportResources.builder().receiveBudget(1 << 20).build();
    private final List<AutoCloseable> closed = new ArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        open.countDown();
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
        resources.close();
    }

    private TtrpcServer serve(Duration stall) throws Exception {
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .resources(resources)
                .stallTimeout(stall)
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> text)
                        .clientStreaming(Texts.JOIN, messages -> {
                            open.await();
                            int count = 0;
                            for (String ignored : messages) {
                                count++;
                            }
                            return String.valueOf(count);
                        })
                        .build())
                .build()
                .start();
        closed.add(server);
        return server;
    }

    private TtrpcChannel connect(TtrpcServer server) {
        TtrpcChannel channel =
                TtrpcChannel.builder().address(server.addresses().get(0)).build();
        closed.add(channel);
        return channel;
    }

    @Test
    void builderRefusesABudgetOfNothing() {
        assertThatThrownBy(() -> TransportResources.builder().receiveBudget(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void defaultIsAQuarterOfTheDirectMemoryAndAtLeast64MiB() {
        try (TransportResources defaults = TransportResources.builder().build()) {
            assertThat(defaults.receiveBudget()).isGreaterThanOrEqualTo(64L << 20);
            assertThat(defaults.receiveBudget())
                    .isEqualTo(Math.max(64L << 20, io.netty.util.internal.PlatformDependent.maxDirectMemory() / 4));
        }
    }

    @Test
    void serversOfTheSameResourcesShareOneBudgetAndTheStallRuleHoldsUnderIt() throws Exception {
        TtrpcServer one = serve(Duration.ofMillis(50));
        TtrpcServer two = serve(Duration.ofMillis(50));
        UploadCall<String, String> small = connect(one).clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        small.write("x".repeat(256 << 10));
        small.write("x".repeat(128 << 10));
        TtrpcChannel greedy = connect(two);
        UploadCall<String, String> large = greedy.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        assertThatThrownBy(() -> fill(large, 3)) // below what all may hold, and with the small one above it
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
        assertThat(greedy.unary(Texts.ECHO, "goes on", CallOptions.DEFAULT)).isEqualTo("goes on");
        open.countDown();
        assertThat(small.finish()).as("less than an equal part").isEqualTo("2");
    }

    @Test
    void aboveTwiceTheLimitOnlyStreamsOfGreedyConnectionsFailAndTheOthersGoOn() throws Exception {
        TtrpcServer server = serve(Duration.ofMillis(300));
        TtrpcChannel spared = connect(server);
        UploadCall<String, String> small = spared.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        small.write("x".repeat(64 << 10));
        List<CompletableFuture<?>> fills = new ArrayList<>();
        for (int i = 0; i < 8; i++) { // the first may hold the limit, the second half of it, the third a third part
            UploadCall<String, String> large = connect(server).clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
            fills.add(CompletableFuture.runAsync(() -> fill(large, 15), task -> new Thread(task).start()));
        }
        for (CompletableFuture<?> fill : fills) {
            assertThatThrownBy(() -> fill.get(40, TimeUnit.SECONDS)).hasMessageContaining("stalled");
            assertThat(spared.unary(Texts.ECHO, "goes on", CallOptions.DEFAULT)).isEqualTo("goes on");
        }
        small.write("x".repeat(64 << 10));
        open.countDown();
        assertThat(small.finish()).isEqualTo("2");
    }

    private static void fill(UploadCall<String, String> upload, int messages) {
        for (int i = 0; i < messages; i++) {
            upload.write("x".repeat(256 << 10));
        }
        upload.finish();
    }

    @Test
    void connectionThatGetsNothingNowPausesWhenItsPartHasBecomeSmaller() throws Exception {
        TtrpcServer server = serve(Duration.ofMillis(50));
        UploadCall<String, String> quiet = connect(server).clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        for (int i = 0; i < 3; i++) {
            quiet.write("x".repeat(256 << 10)); // 768 KiB: it may, as long as nobody else wants any
        }
        Awaitility.await()
                .until(() -> ReceiveBudgets.of(resources).servers().held() >= 768 << 10); // nothing of it comes later
        TtrpcChannel second = connect(server);
        UploadCall<String, String> other = second.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        other.write("x".repeat(256 << 10));
        other.write("x".repeat(128 << 10)); // together 1.1 MiB: more than all may hold
        Awaitility.await()
                .until(() -> server.statistics().callsStalled() == 1); // and not because of a frame of its own
        assertThatThrownBy(quiet::finish).isInstanceOf(TtrpcException.class).hasMessageContaining("stalled");
        open.countDown();
        assertThat(other.finish()).isEqualTo("2");
    }

    @Test
    void pauseEndsWhenTheOthersHoldLess() throws Exception {
        TtrpcServer server = serve(Duration.ofMinutes(1));
        List<CompletableFuture<String>> uploads = new ArrayList<>();
        AtomicInteger sent = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            UploadCall<String, String> upload = connect(server).clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
            uploads.add(CompletableFuture.supplyAsync(
                    () -> {
                        for (int m = 0; m < 100; m++) {
                            upload.write("x".repeat(100 << 10));
                            sent.incrementAndGet();
                        }
                        return upload.finish();
                    },
                    task -> new Thread(task).start()));
        }
        Awaitility.await().until(() -> sent.get() >= 30);
        open.countDown();
        for (CompletableFuture<String> upload : uploads) {
            assertThat(upload.get(40, TimeUnit.SECONDS)).isEqualTo("100");
        }
    }

    @Test
    void channelsOfTheSameResourcesShareOneBudget() throws Exception {
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .build()
                .start();
        closed.add(server);
        String words = ("x".repeat(100_000) + " ").repeat(7).trim(); // each below what all may hold, both above it
        Map<TtrpcChannel, MessageReader<String>> readers = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            TtrpcChannel channel = TtrpcChannel.builder()
                    .address(server.addresses().get(0))
                    .resources(resources)
                    .stallTimeout(Duration.ofMillis(50))
                    .build();
            closed.add(channel);
            MessageReader<String> reader = channel.serverStreaming(Texts.SPLIT, words, CallOptions.DEFAULT);
            readers.put(channel, reader);
            closed.add(reader);
        }
        Awaitility.await().until(() -> readers.keySet().stream().anyMatch(SharedBudgetTests::hasStalled));
        readers.forEach((channel, reader) -> { // the other one has room then
            if (hasStalled(channel)) {
                assertThatThrownBy(() -> reader.forEach(word -> {})).hasMessageContaining("stalled");
            }
        });
    }

    private static boolean hasStalled(TtrpcChannel channel) {
        return channel.statistics().stalledCalls() > 0;
    }
}
