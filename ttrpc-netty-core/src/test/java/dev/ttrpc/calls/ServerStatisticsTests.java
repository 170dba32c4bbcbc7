package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.CallContext;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.server.ServerStatistics;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a server counts of refused connections, calls and frames: each once, and under one name only. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ServerStatisticsTests {
    private static final String SERVICE = "test.Counted";
    private static final MethodDescriptor<String, String> SINK =
            MethodDescriptor.clientStreaming(SERVICE, "Sink", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private TtrpcServer server;
    private RawClient client;

    /** Starts a server and connects to it. */
    private void start(TtrpcServer.Builder builder) throws Exception {
        ServiceDefinition sink = ServiceDefinition.builder(SERVICE)
                .clientStreaming(SINK, messages -> {
                    CountDownLatch cancelled = new CountDownLatch(1);
                    Objects.requireNonNull(CallContext.current()).onCancel(reason -> cancelled.countDown());
                    cancelled.await();
                    return "";
                })
                .build();
        server = builder.listen("tcp://127.0.0.1:0")
                .service(sink, Texts.blocking())
                .build()
                .start();
        client = connect();
    }

    private RawClient connect() throws Exception {
        return new RawClient(server.addresses().get(0));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    /** All that the server has counted, in the order of {@link ServerStatistics}. */
    private void assertCounted(long... counts) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(server.statistics())
                        .isEqualTo(new ServerStatistics(
                                counts[0],
                                counts[1],
                                counts[2],
                                counts[3],
                                counts[4],
                                counts[5],
                                counts[6],
                                counts[7],
                                counts[8],
                                counts[9],
                                counts[10],
                                counts[11])));
    }

    @Test
    void servedCallsCountTheirConnectionOnly() throws Exception {
        start(TtrpcServer.builder());
        client.request(1, "Echo", "hi").read();
        client.request(3, "Echo", "hi").read();
        assertCounted(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void refusedPeersAreCounted() throws Exception {
        start(TtrpcServer.builder().peerCheck(peer -> false));
        assertThat(client.isClosed()).isTrue();
        assertCounted(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void checkOfPeersThatThrowsRefuses() throws Exception {
        start(TtrpcServer.builder().peerCheck(peer -> {
            throw new IllegalStateException("no such user");
        }));
        assertThat(client.isClosed()).isTrue();
        assertCounted(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void connectionsOverTheLimitAreCounted() throws Exception {
        start(TtrpcServer.builder().maxConnections(1));
        client.request(1, "Echo", "hi").read();
        try (RawClient second = connect()) {
            assertThat(second.isClosed()).isTrue();
        }
        assertCounted(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void brokenLengthsAreCounted() throws Exception {
        start(TtrpcServer.builder());
        client.header(1 << 24, 1, REQUEST, 0).header(1 << 24, 1, REQUEST, 0);
        assertThat(client.isClosed()).isTrue();
        assertCounted(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void droppedFramesAreCounted() throws Exception {
        start(TtrpcServer.builder());
        client.request(1, "Echo", "hi").read();
        client.send(1, DATA, 0, text("late")).send(1, 9, 0, text("of no type"));
        assertCounted(1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void oversizedFramesAreCountedWhereTheyAreAnswered() throws Exception {
        start(TtrpcServer.builder().maxMessageSize(4096));
        byte[] large = new byte[5000];
        client.send(1, REQUEST, 0, large);
        assertThat(client.read().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        client.send(1, DATA, 0, large); // dropped, whatever its size
        assertCounted(1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
    }

    @Test
    void callsOverTheLimitOfTheirConnectionAreCounted() throws Exception {
        start(TtrpcServer.builder().maxConcurrentCalls(1));
        client.request(1, "Echo", "hang").request(3, "Echo", "hi");
        assertThat(client.read().text()).contains("too many concurrent calls");
        assertCounted(1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void callsThatTheExecutorRefusesAreCounted() throws Exception {
        start(TtrpcServer.builder().pool(1, 1, Duration.ofSeconds(1)));
        client.request(1, "Echo", "hang");
        Awaitility.await().until(() -> server.runningHandlers() == 1);
        client.request(3, "Echo", "waits").request(5, "Echo", "refused");
        assertThat(client.read().text()).contains("server is overloaded");
        assertCounted(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    }

    @Test
    void callsWithTooMuchMetadataAreCounted() throws Exception {
        start(TtrpcServer.builder().maxMetadataSize(16));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(requestBody(Texts.SERVICE, "Echo", "hi", 0));
        body.writeBytes(new byte[] {0x2a, 24, 0x0a, 1, 'k', 0x12, 19}); // metadata: the key, and a value of 19 bytes
        body.writeBytes(text("0123456789012345678"));
        client.send(1, REQUEST, 0, body.toByteArray());
        assertThat(client.read().text()).contains("metadata too large");
        assertCounted(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
    }

    @Test
    void callsOfADrainingServerAreCounted() throws Exception {
        start(TtrpcServer.builder());
        client.request(1, "Echo", "hang");
        Awaitility.await().until(() -> server.runningHandlers() == 1);
        server.shutdown(Duration.ofMinutes(1));
        client.request(3, "Echo", "late");
        assertThat(client.read().text()).contains("server is shutting down");
        assertCounted(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0);
    }

    @Test
    void stalledStreamsAreCounted() throws Exception {
        start(TtrpcServer.builder().maxMessageSize(4096).receiveBudget(8192).stallTimeout(Duration.ofMillis(20)));
        client.send(1, REQUEST, 0, requestBody(SERVICE, "Sink", "", 0));
        for (int i = 0; i < 4; i++) {
            client.send(1, DATA, 0, new byte[4096]);
        }
        assertThat(client.read().text()).contains("stream stalled");
        assertThat(server.statistics().callsStalled()).isEqualTo(1);
    }
}
