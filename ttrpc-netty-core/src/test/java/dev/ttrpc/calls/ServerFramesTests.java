package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server answers to each frame, right and wrong, on the wire. */
@Timeout(30)
class ServerFramesTests {
    private static final int RC = 1;
    private static final int RO = 2;
    private static final int ND = 4;

    private TtrpcServer server;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        server = server(TtrpcServer.builder());
        client = new RawClient(server.addresses().get(0));
    }

    private static TtrpcServer server(TtrpcServer.Builder builder) throws Exception {
        return builder.listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        Awaitility.await().until(() -> server.liveCalls() == 0);
        server.close();
    }

    @Test
    void unaryAnswerIsOneResponseWithoutStatus() throws Exception {
        client.request(1, "Echo", "hi");
        assertThat(client.read()).hasToString("1 RESPONSE 0 12026869");
    }

    @Test
    void emptyAnswerIsAnEmptyResponse() throws Exception {
        client.request(1, "Echo", "");
        assertThat(client.read()).hasToString("1 RESPONSE 0");
    }

    @Test
    void serverStreamEndsWithACloseAndNoResponse() throws Exception {
        client.send(1, REQUEST, RC, requestBody(Texts.SERVICE, "Split", "a  b", 0));
        assertThat(client.read()).hasToString("1 DATA 0 61");
        assertThat(client.read()).hasToString("1 DATA 0");
        assertThat(client.read()).hasToString("1 DATA 0 62");
        assertThat(client.read()).hasToString("1 DATA 5");
        stillWorks(3);
    }

    @Test
    void streamThatFailsEndsWithAResponseBehindItsData() throws Exception {
        client.send(1, REQUEST, RC, requestBody(Texts.SERVICE, "Split", "a fail", 0));
        assertThat(client.read()).hasToString("1 DATA 0 61");
        answers(1, StatusCode.ABORTED, "told to");
    }

    @Test
    void lengthOverTheLimitIsDiscardedAndRefused() throws Exception {
        int length = (4 << 20) + 1;
        client.header(length, 1, REQUEST, 0).bytes(new byte[length]);
        answers(1, StatusCode.RESOURCE_EXHAUSTED, "message length 4194305 exceed maximum message size of 4194304");
        stillWorks(3);
    }

    @Test
    void firstLengthByteThatIsNotZeroClosesTheConnection() throws Exception {
        client.header(1 << 24, 1, REQUEST, 0);
        assertThat(client.isClosed()).isTrue();
        client.close();
        client = new RawClient(server.addresses().get(0));
        stillWorks(1);
    }

    @Test
    void evenIdsAreRefusedWhateverTheType() throws Exception {
        client.send(2, 9, 0, new byte[0]);
        answers(2, StatusCode.INVALID_ARGUMENT, "StreamID must be odd for client initiated streams");
        client.send(0, DATA, 0, new byte[0]);
        answers(0, StatusCode.INVALID_ARGUMENT, "StreamID must be odd for client initiated streams");
        stillWorks(1);
    }

    @Test
    void unknownTypesAndResponsesAreDropped() throws Exception {
        client.send(1, 9, 0, text("x")).send(1, RawClient.RESPONSE, 0, new byte[0]);
        stillWorks(1);
    }

    @Test
    void requestOnALiveIdEndsThatCall() throws Exception {
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0));
        client.request(1, "Echo", "again");
        answers(1, StatusCode.INVALID_ARGUMENT, "StreamID cannot be re-used and must increment");
        client.send(1, DATA, RC | ND, new byte[0]);
        stillWorks(3);
    }

    @Test
    void lowerIdsAreServedUnlessStrict() throws Exception {
        stillWorks(101);
        stillWorks(1);
        TtrpcServer strict = server(TtrpcServer.builder().strictStreamIds(true));
        try (RawClient other = new RawClient(strict.addresses().get(0))) {
            other.request(3, "Echo", "a");
            assertThat(other.read().text()).contains("a");
            other.request(1, "Echo", "b");
            assertThat(other.read().text()).contains("StreamID cannot be re-used and must increment");
        }
        strict.close();
    }

    @Test
    void requestThatDoesNotParseIsRefused() throws Exception {
        client.send(1, REQUEST, 0, new byte[] {0x0a, 0x05, 'x'});
        answers(1, StatusCode.INVALID_ARGUMENT, "unmarshal request error");
        client.send(3, REQUEST, 0, new byte[] {0x0a, 0x01, (byte) 0xff});
        answers(3, StatusCode.INVALID_ARGUMENT, "unmarshal request error");
        stillWorks(5);
    }

    @Test
    void unknownServiceAndMethodAreUnimplemented() throws Exception {
        client.send(1, REQUEST, 0, requestBody("no.Such", "M", "", 0));
        answers(1, StatusCode.UNIMPLEMENTED, "service no.Such");
        client.request(3, "NoSuch", "");
        answers(3, StatusCode.UNIMPLEMENTED, "method NoSuch");
        client.send(5, REQUEST, 0, new byte[0]);
        answers(5, StatusCode.UNIMPLEMENTED, "service ");
    }

    @Test
    void messagesThatDoNotParseEndTheirStream() throws Exception {
        client.request(1, "Echo", "unparsable");
        answers(1, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
        client.send(3, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0));
        client.send(3, DATA, 0, text("unparsable"));
        answers(3, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
        stillWorks(5);
    }

    @Test
    void payloadOfAStreamingRequestIsItsFirstMessageAndAnEmptyOneIsNone() throws Exception {
        client.send(1, REQUEST, RO, requestBody(Texts.SERVICE, "Chat", "", 0));
        client.send(1, DATA, 0, text("first"));
        assertThat(client.read()).hasToString("1 DATA 0 6669727374");
        client.send(3, REQUEST, RO, requestBody(Texts.SERVICE, "Chat", "x", 0));
        assertThat(client.read()).hasToString("3 DATA 0 78");
        client.send(1, DATA, RC | ND, new byte[0]).send(3, DATA, RC | ND, new byte[0]);
        assertThat(client.read().flags()).isEqualTo(5);
        assertThat(client.read().flags()).isEqualTo(5);
    }

    @Test
    void requestThatClosesAtOnceHasNoInput() throws Exception {
        client.send(1, REQUEST, RC, requestBody(Texts.SERVICE, "Join", "", 0));
        assertThat(client.read()).hasToString("1 RESPONSE 0");
    }

    @Test
    void everyFormOfDataMeansWhatTheTableSays() throws Exception {
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0));
        client.send(1, DATA, 0, text("a"))
                .send(1, DATA, 0, new byte[0])
                .send(1, DATA, ND, text("dropped"))
                .send(1, DATA, RC, text("last"))
                .send(1, DATA, 0, text("late"))
                .send(1, DATA, RC, new byte[0]);
        assertThat(client.read().text()).isEqualTo("\u0012\u0007a  last");
        client.send(3, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0));
        client.send(3, DATA, 0, text("a")).send(3, DATA, RC | ND, text("dropped"));
        assertThat(client.read()).hasToString("3 RESPONSE 0 120161");
        client.send(5, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0));
        client.send(5, DATA, 0, text("a")).send(5, DATA, RC, new byte[0]);
        assertThat(client.read().text()).isEqualTo("\u0012\u0002a ");
    }

    @Test
    void dataWithoutACallIsRefusedOnlyAboveEveryRequest() throws Exception {
        client.send(7, DATA, 0, text("x"));
        answers(7, StatusCode.INVALID_ARGUMENT, "StreamID is no longer active");
        stillWorks(7);
        client.send(5, DATA, 0, text("x")).send(7, DATA, RC | ND, new byte[0]);
        stillWorks(9);
    }

    @Test
    void dataOnAUnaryCallIsDropped() throws Exception {
        client.send(
                1,
                REQUEST,
                0,
                requestBody(
                        Texts.SERVICE, "Echo", "hang", Duration.ofMillis(100).toNanos()));
        client.send(1, DATA, 0, text("x")).send(1, DATA, RC, text("x"));
        answers(1, StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded");
        stillWorks(3);
    }

    @Test
    void deadlinesHoldOnEveryKindOfCall() throws Exception {
        long nanos = Duration.ofMillis(20).toNanos();
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", nanos));
        answers(1, StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded");
        client.send(3, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", nanos));
        answers(3, StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded");
        client.send(5, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "x", -1));
        answers(5, StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded");
        client.send(7, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "x", Long.MAX_VALUE));
        assertThat(client.read()).hasToString("7 RESPONSE 0 120178");
    }

    @Test
    void endOfTheConnectionCancelsItsCalls() throws Exception {
        client.request(1, "Echo", "hang");
        Awaitility.await().until(() -> server.runningHandlers() == 1);
        client.close();
        Awaitility.await().until(() -> server.liveCalls() == 0 && server.runningHandlers() == 0);
    }

    @Test
    void asyncHandlerIsToldThatItsConnectionEnded() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        TtrpcServer async = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .clientStreamingAsync(Texts.JOIN, words -> {
                            words.subscribe(new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    subscription.request(Long.MAX_VALUE);
                                }

                                @Override
                                public void onNext(String word) {}

                                @Override
                                public void onError(Throwable failure) {
                                    told.complete(failure);
                                }

                                @Override
                                public void onComplete() {
                                    told.complete(null);
                                }
                            });
                            return new CompletableFuture<>();
                        })
                        .build())
                .build()
                .start();
        try (RawClient other = new RawClient(async.addresses().get(0))) {
            other.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0));
            other.send(1, DATA, 0, text("a"));
            Awaitility.await().until(() -> async.liveCalls() == 1);
        }
        assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(TtrpcException.class);
        async.close();
    }

    @Test
    void callThatNoThreadCanTakeIsRefused() throws Exception {
        TtrpcServer full = server(TtrpcServer.builder().executor(task -> {
            throw new RejectedExecutionException("full");
        }));
        try (RawClient other = new RawClient(full.addresses().get(0))) {
            other.request(1, "Echo", "x");
            RawClient.Frame refused = other.read();
            assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
            assertThat(refused.text()).contains("server is overloaded");
        }
        full.close();
    }

    @Test
    void callsAboveTheLimitAreRefused() throws Exception {
        TtrpcServer small = server(TtrpcServer.builder().maxConcurrentCalls(1));
        try (RawClient other = new RawClient(small.addresses().get(0))) {
            other.request(1, "Echo", "hang").request(3, "Echo", "x");
            RawClient.Frame refused = other.read();
            assertThat(refused.id()).isEqualTo(3);
            assertThat(refused.text()).contains("too many concurrent calls");
        }
        small.close();
    }

    @Test
    void metadataAboveTheLimitIsRefused() throws Exception {
        TtrpcServer small = server(TtrpcServer.builder().maxMetadataSize(10));
        try (RawClient other = new RawClient(small.addresses().get(0))) {
            byte[] body = requestBody(Texts.SERVICE, "Echo", "x", 0);
            byte[] pair = text("*\u000e\n\u0003key\u0012\u0007a-value");
            byte[] whole = java.util.Arrays.copyOf(body, body.length + pair.length);
            System.arraycopy(pair, 0, whole, body.length, pair.length);
            other.send(1, REQUEST, 0, whole);
            assertThat(other.read().text()).contains("metadata too large");
        }
        small.close();
    }

    @Test
    void drainingServerRefusesNewCallsAndFinishesOldOnes() throws Exception {
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0));
        client.send(1, DATA, 0, text("a"));
        Awaitility.await().until(() -> server.runningHandlers() == 1);
        server.shutdown(Duration.ofSeconds(10));
        Awaitility.await().until(() -> {
            client.request(3, "Echo", "x");
            RawClient.Frame answer = client.read();
            return answer.text().contains("server is shutting down") && answer.code() == StatusCode.UNAVAILABLE.value();
        });
        client.send(1, DATA, RC | ND, new byte[0]);
        assertThat(client.read()).hasToString("1 RESPONSE 0 120161");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void answerAboveTheLimitFailsItsCallOnly() throws Exception {
        TtrpcServer small = server(TtrpcServer.builder().maxMessageSize(4096));
        try (RawClient other = new RawClient(small.addresses().get(0))) {
            other.request(1, "Echo", "repeat 4094");
            RawClient.Frame refused = other.read();
            assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
            assertThat(refused.text()).contains("message length 4097 exceed maximum message size of 4096");
            other.request(3, "Echo", "repeat 4093");
            assertThat(other.read().body()).hasSize(4096);
        }
        small.close();
    }

    @Test
    void codesThatAreNoneAreSentAsUnknown() throws Exception {
        TtrpcServer odd = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .intercept((call, next) -> call.end(Status.forCodeValue(99).withDescription("odd")))
                .build()
                .start();
        try (RawClient other = new RawClient(odd.addresses().get(0))) {
            other.request(1, "Echo", "x");
            RawClient.Frame frame = other.read();
            assertThat(frame.code()).isEqualTo(StatusCode.UNKNOWN.value());
            assertThat(frame.text()).contains("status code 99: odd");
        }
        odd.close();
    }

    private void answers(int id, StatusCode code, String text) throws Exception {
        RawClient.Frame frame = client.read();
        assertThat(frame.id()).isEqualTo(id);
        assertThat(frame.type()).isEqualTo(RawClient.RESPONSE);
        assertThat(frame.flags()).isZero();
        assertThat(frame.code()).isEqualTo(code.value());
        assertThat(frame.text()).contains(text);
    }

    private void stillWorks(int id) throws Exception {
        client.request(id, "Echo", "ok");
        assertThat(client.read()).hasToString(id + " RESPONSE 0 12026f6b");
    }
}
