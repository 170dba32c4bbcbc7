package dev.ttrpc.calls;

import static dev.ttrpc.calls.ClientWire.METHODS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Deadline;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.ClientApi.TestCall;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client puts on the wire, byte for byte, by either API. */
@ParameterizedClass(name = "{0}")
@EnumSource(ClientApi.class)
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientSendsTests {
    private static final String SERVICE = "0a0a746573742e5465787473"; // test.Texts
    private static final int LIMIT = 4096;
    private static final int LARGE_LIMIT = (16 << 20) - 1;
    private static final String LARGE = "0123456789ab".repeat(1 << 20);

    @Parameter
    ClientApi api;

    private ClientWire wire;

    @BeforeEach
    void connect() throws Exception {
        wire = new ClientWire();
    }

    @AfterEach
    void close() throws Exception {
        wire.close();
    }

    private void reconnect(int limit) throws Exception {
        wire.close();
        wire = new ClientWire(builder -> builder.maxMessageSize(limit).receiveBudget(2L * limit));
    }

    @Test
    void unaryCallIsARequestWithoutFlags() throws Exception {
        wire.call(api, Texts.ECHO, "hi");
        assertThat(wire.next()).isEqualTo("1 REQUEST 0 " + SERVICE + "12044563686f" + "1a026869");
    }

    @Test
    void emptyMessageOfAUnaryCallIsAnAbsentPayload() throws Exception {
        wire.call(api, Texts.ECHO, "");
        assertThat(wire.next()).isEqualTo("1 REQUEST 0 " + SERVICE + "12044563686f");
    }

    @Test
    void unaryCallSendsNothingBehindItsRequest() throws Exception {
        TestCall call = wire.call(api, Texts.ECHO, "hi");
        wire.connection.answer(wire.opened(), "answer");
        assertThat(call.outcome()).hasToString("[answer] OK");
        wire.nothingWrittenAndAlive();
    }

    @Test
    void clientStreamingCallOpensWithoutAPayload() throws Exception {
        wire.call(api, Texts.JOIN, "");
        assertThat(wire.next()).isEqualTo("1 REQUEST 6 " + SERVICE + "12044a6f696e");
    }

    @Test
    void bidirectionalCallOpensWithoutAPayload() throws Exception {
        wire.call(api, Texts.CHAT, "");
        assertThat(wire.next()).isEqualTo("1 REQUEST 6 " + SERVICE + "120443686174");
    }

    @Test
    void serverStreamingCallOpensClosedWithItsMessage() throws Exception {
        TestCall call = wire.call(api, Texts.SPLIT, "hi");
        assertThat(wire.next()).isEqualTo("1 REQUEST 1 " + SERVICE + "120553706c6974" + "1a026869");
        wire.connection.end(1);
        assertThat(call.outcome()).hasToString("[] OK");
        wire.nothingWrittenAndAlive();
    }

    @Test
    void emptyMessageOfAServerStreamingCallIsNotCalledAbsent() throws Exception {
        wire.call(api, Texts.SPLIT, "");
        assertThat(wire.next()).isEqualTo("1 REQUEST 1 " + SERVICE + "120553706c6974");
    }

    @Test
    void messageOfAStreamIsDataWithoutFlags() throws Exception {
        for (MethodDescriptor<String, String> method : List.of(Texts.JOIN, Texts.CHAT)) {
            TestCall call = wire.call(api, method, "");
            int id = wire.opened();
            call.write("hi");
            assertThat(wire.next()).isEqualTo(id + " DATA 0 6869");
            call.write("");
            assertThat(wire.next()).isEqualTo(id + " DATA 0");
            call.cancel();
        }
    }

    @Test
    void largeMessageOfAStreamIsOneFrame() throws Exception {
        TestCall call = wire.call(api, Texts.CHAT, "");
        int id = wire.opened();
        String large = "x".repeat(100_000);
        call.write(large);
        RawClient.Frame frame = wire.connection.read();
        assertThat(List.of(frame.id(), frame.type(), frame.flags())).containsExactly(id, RawClient.DATA, 0);
        assertThat(frame.text()).isEqualTo(large);
    }

    @Test
    void clientClosesItsSideWithAnEmptyFrameOnce() throws Exception {
        for (MethodDescriptor<String, String> method : List.of(Texts.JOIN, Texts.CHAT)) {
            TestCall call = wire.call(api, method, "");
            int id = wire.opened();
            call.write("a");
            call.finish();
            if (method == Texts.CHAT) {
                call.finish();
            }
            assertThat(wire.next()).isEqualTo(id + " DATA 0 61");
            assertThat(wire.next()).isEqualTo(id + " DATA 5");
            wire.nothingWrittenAndAlive();
            wire.connection.answer(id, "b");
            assertThat(call.outcome()).hasToString("[b] OK");
            wire.nothingWrittenAndAlive();
        }
    }

    @Test
    void clientDoesNotCloseAStreamThatHasEnded() throws Exception {
        for (MethodDescriptor<String, String> method : List.of(Texts.JOIN, Texts.CHAT)) {
            for (boolean well : List.of(true, false)) {
                TestCall call = wire.call(api, method, "");
                int id = wire.opened();
                if (well) {
                    wire.connection.answer(id, "b");
                } else {
                    wire.connection.fail(id, 10, "enough");
                }
                wire.awaitEnd(call);
                call.finish();
                assertThat(call.outcome()).hasToString(well ? "[b] OK" : "[] ABORTED: enough");
                wire.nothingWrittenAndAlive();
            }
        }
    }

    @Test
    void messagesAfterTheServersEndAreNotSent() throws Exception {
        TestCall call = wire.call(api, Texts.CHAT, "");
        int id = wire.opened();
        wire.connection.end(id);
        wire.awaitEnd(call);
        call.write("late");
        wire.nothingWrittenAndAlive();
        assertThat(call.outcome()).hasToString("[] OK");
    }

    /** The server ends while the client writes as fast as it can: nothing of the stream stands behind what the client sends once it knows. */
    @Test
    void noDataFollowsTheTerminalFrameHoweverTheyRace() throws Exception {
        for (int round = 0; round < 18; round++) {
            TestCall call = wire.call(api, Texts.CHAT, "");
            int id = wire.opened();
            CompletableFuture<StatusCode> written = CompletableFuture.supplyAsync(() -> writeUntilRefused(call));
            for (int i = 0; i < round % 4; i++) {
                wire.connection.read();
            }
            switch (round % 3) {
                case 0 -> wire.connection.end(id);
                case 1 -> wire.connection.answer(id, "b");
                default -> wire.connection.fail(id, 10, "enough");
            }
            wire.awaitEnd(call);
            TestCall next = wire.call(ClientApi.ASYNC, ClientWire.PROBE, "behind");
            RawClient.Frame frame = wire.connection.read();
            while (frame.type() == RawClient.DATA) {
                assertThat(frame.id()).isEqualTo(id);
                frame = wire.connection.read();
            }
            assertThat(ClientWire.fields(frame)).isEqualTo("test.Texts/Probe behind");
            wire.connection.answer(frame.id(), "b");
            assertThat(next.outcome()).hasToString("[b] OK");
            assertThat(written.get(10, TimeUnit.SECONDS)).isIn(StatusCode.OK, StatusCode.ABORTED);
            call.finish();
            wire.nothingWrittenAndAlive();
        }
    }

    private static StatusCode writeUntilRefused(TestCall call) {
        try {
            for (int i = 0; i < 300; i++) {
                call.write("message");
            }
            return StatusCode.OK;
        } catch (TtrpcException e) {
            return e.status().code();
        }
    }

    @Test
    void idsAreOddAndRiseFromOne() throws Exception {
        List<Integer> ids = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (MethodDescriptor<String, String> method : METHODS) {
                wire.call(api, method, "x");
                ids.add(wire.opened());
            }
        }
        assertThat(ids).containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23);
    }

    @Test
    void idsRiseOnTheWireWhateverTheirThreads() throws Exception {
        int threads = 50;
        int each = 8;
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "caller " + t + " call ";
            Thread caller = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < each; i++) {
                    String large = i % 4 == 3 ? "x".repeat(20_000) : ""; // encoded by its caller
                    MethodDescriptor<String, String> method = i % 2 == 0 ? Texts.SPLIT : Texts.ECHO;
                    api.start(wire.channel, method, name + i + large, CallOptions.DEFAULT);
                }
            });
            caller.start();
            callers.add(caller);
        }
        start.countDown();
        Set<String> payloads = new HashSet<>();
        for (int i = 0; i < threads * each; i++) {
            RawClient.Frame request = wire.connection.read();
            assertThat(request.id()).isEqualTo(1 + 2 * i);
            payloads.add(ClientWire.fields(request));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(payloads).hasSize(threads * each);
    }

    @Test
    void deadlineAndMetadataGoWithEveryKindOfCall() throws Exception {
        CallOptions options = CallOptions.deadline(Duration.ofSeconds(100))
                .withMetadata(Metadata.builder()
                        .add("Second-Key", "1")
                        .add("FIRST", "x")
                        .add("second-key", "")
                        .add("second-KEY", "\u00e4")
                        .build());
        for (MethodDescriptor<String, String> method : METHODS) {
            wire.call(api, method, "x", options);
            String fields = ClientWire.fields(wire.connection.read());
            assertThat(fields)
                    .matches("test.Texts/" + method.name() + "( x)? [0-9]+ "
                            + "\\[second-key=1, first=x, second-key=, second-key=\u00e4\\]");
            long timeout = Long.parseLong(fields.replaceAll(".* ([0-9]+) \\[.*", "$1"));
            assertThat(timeout)
                    .isLessThanOrEqualTo(Duration.ofSeconds(100).toNanos())
                    .isGreaterThan(Duration.ofSeconds(60).toNanos());
        }
    }

    @Test
    void withoutADeadlineNoneIsSent() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            wire.call(api, method, "x", CallOptions.metadata("k", "v"));
            assertThat(ClientWire.fields(wire.connection.read()))
                    .matches("test.Texts/" + method.name() + "( x)? \\[k=v\\]");
        }
    }

    @Test
    void deadlineOfAgesIsSentWithoutOverflow() throws Exception {
        wire.call(api, Texts.ECHO, "x", CallOptions.deadline(Duration.ofSeconds(Long.MAX_VALUE)));
        String fields = ClientWire.fields(wire.connection.read());
        assertThat(Long.parseLong(fields.substring(fields.lastIndexOf(' ') + 1)))
                .isGreaterThan(Duration.ofDays(365 * 100L).toNanos());
    }

    @Test
    void callWhoseDeadlineHasPassedSendsNothing() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            for (CallOptions expired : List.of(
                    CallOptions.deadline(Duration.ofNanos(-1)),
                    CallOptions.deadline(Duration.ZERO),
                    CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofDays(-1))))) {
                assertThat(startFailing(method, "x", expired).status())
                        .isEqualTo(Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
                assertThat(wire.end().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            }
        }
        assertThat(wire.nothingWrittenAndAlive()).isEqualTo(1);
    }

    @Test
    void messageOverTheLimitIsRefusedBeforeAnythingIsWritten() throws Exception {
        int envelope = SERVICE.length() / 2 + 6 + 5; // names, and the head of a payload of that size
        String tooLarge = "x".repeat((4 << 20) + 1 - envelope);
        TtrpcException refused = startFailing(Texts.ECHO, tooLarge, CallOptions.DEFAULT);
        assertThat(refused.status())
                .isEqualTo(Status.RESOURCE_EXHAUSTED.withDescription(
                        "message length 4194305 exceed maximum message size of 4194304"));
        assertThat(refused.origin()).isEqualTo(TtrpcException.Origin.LIBRARY);
        assertThat(wire.end()).isEqualTo(refused.status());
        assertThat(wire.nothingWrittenAndAlive()).isEqualTo(1);
        wire.call(api, Texts.ECHO, tooLarge.substring(1));
        assertThat(wire.connection.read().body()).hasSize(4 << 20);
    }

    @Test
    void messageOfAStreamOverTheLimitFailsItsCallAndNoMore() throws Exception {
        TestCall beside = wire.call(api, Texts.CHAT, "");
        wire.opened();
        for (MethodDescriptor<String, String> method : List.of(Texts.JOIN, Texts.CHAT)) {
            TestCall call = wire.call(api, method, "");
            wire.opened();
            Status refused = Status.RESOURCE_EXHAUSTED.withDescription(
                    "message length 4194305 exceed maximum message size of 4194304");
            writeRefused(call, "x".repeat((4 << 20) + 1), refused);
            assertThat(wire.end()).isEqualTo(refused);
            wire.nothingWrittenAndAlive();
        }
        beside.write("x".repeat(4 << 20));
        assertThat(wire.connection.read().body()).hasSize(4 << 20);
    }

    @Test
    void configuredLimitHoldsToTheByte() throws Exception {
        reconnect(LIMIT);
        for (MethodDescriptor<String, String> method : List.of(Texts.ECHO, Texts.SPLIT)) {
            int envelope = SERVICE.length() / 2 + 2 + method.name().length() + 3;
            String fits = "x".repeat(LIMIT - envelope);
            TestCall call = wire.call(api, method, fits);
            RawClient.Frame request = wire.connection.read();
            assertThat(request.body()).hasSize(LIMIT);
            assertThat(startFailing(method, fits + "x", CallOptions.DEFAULT).status())
                    .isEqualTo(Status.RESOURCE_EXHAUSTED.withDescription(
                            "message length 4097 exceed maximum message size of 4096"));
            call.cancel();
        }
        TestCall stream = wire.call(api, Texts.CHAT, "");
        int id = wire.opened();
        stream.write("x".repeat(LIMIT));
        RawClient.Frame data = wire.connection.read();
        assertThat(data.id()).isEqualTo(id);
        assertThat(data.body()).hasSize(LIMIT);
        writeRefused(
                stream,
                "x".repeat(LIMIT + 1),
                Status.RESOURCE_EXHAUSTED.withDescription("message length 4097 exceed maximum message size of 4096"));
        wire.nothingWrittenAndAlive();
    }

    @Test
    void metadataCountsTowardsTheLimit() throws Exception {
        reconnect(LIMIT);
        for (MethodDescriptor<String, String> method : METHODS) {
            assertThat(startFailing(method, "x", CallOptions.metadata("key", "v".repeat(LIMIT)))
                            .status()
                            .description())
                    .matches("message length 4[0-9]+ exceed maximum message size of 4096");
        }
        assertThat(wire.nothingWrittenAndAlive()).isEqualTo(1);
    }

    @Test
    void frameOnceBegunIsWrittenWholeThoughItsCallIsCancelled() throws Exception {
        reconnect(LARGE_LIMIT);
        for (MethodDescriptor<String, String> method : List.of(Texts.ECHO, Texts.SPLIT, Texts.CHAT)) {
            PartOfAFrame begun = beginLarge(method, CallOptions.DEFAULT);
            begun.call.cancel();
            assertRestIsWritten(begun, StatusCode.CANCELLED);
        }
    }

    @Test
    void frameOnceBegunIsWrittenWholeThoughItsDeadlinePasses() throws Exception {
        reconnect(LARGE_LIMIT);
        PartOfAFrame begun = BeforeDeadline.reach(
                Duration.ofMillis(400), () -> reconnect(LARGE_LIMIT), options -> beginLarge(Texts.ECHO, options));
        assertRestIsWritten(begun, StatusCode.DEADLINE_EXCEEDED);
    }

    /** What the server has read of a frame of 12 MiB, and the call that it belongs to. */
    private record PartOfAFrame(TestCall call, int id, byte[] header, byte[] part) {}

    /** The client's socket takes about 4 MiB, the server reads 1 MiB: a part is written. */
    private PartOfAFrame beginLarge(MethodDescriptor<String, String> method, CallOptions options) throws Exception {
        TestCall call = wire.call(api, method, LARGE, options);
        int id;
        byte[] header;
        if (method == Texts.CHAT) {
            id = wire.opened();
            call.write(LARGE);
            header = wire.connection.readBytes(10);
        } else {
            header = wire.connection.readBytes(10);
            id = header[7];
        }
        return new PartOfAFrame(call, id, header, wire.connection.readBytes(1 << 20));
    }

    private void assertRestIsWritten(PartOfAFrame begun, StatusCode end) throws Exception {
        assertThat(wire.end().code()).isEqualTo(end);
        byte[] header = begun.header;
        int length = (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | header[3] & 0xff;
        byte[] rest = wire.connection.readBytes(length - begun.part.length);
        String whole = new String(begun.part, ISO_8859_1) + new String(rest, ISO_8859_1);
        assertThat(whole.indexOf(LARGE)).isGreaterThanOrEqualTo(0);
        assertThat(wire.nothingWrittenAndAlive()).isEqualTo(begun.id + 2);
    }

    /** Starts a call that fails before anything is sent, which blocking starts of streams throw at once. */
    private TtrpcException startFailing(MethodDescriptor<String, String> method, String request, CallOptions options)
            throws Exception {
        TestCall call;
        try {
            call = wire.call(api, method, request, options);
        } catch (TtrpcException atOnce) {
            return atOnce;
        }
        return call.outcome().exception();
    }

    private void writeRefused(TestCall call, String message, Status status) throws Exception {
        try {
            call.write(message);
        } catch (TtrpcException thrown) {
            assertThat(thrown.status()).isEqualTo(status);
        }
        assertThat(call.outcome().exception().status()).isEqualTo(status);
    }
}
