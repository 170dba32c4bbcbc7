package dev.ttrpc.calls;

import static dev.ttrpc.calls.ClientWire.METHODS;
import static dev.ttrpc.calls.ClientWire.ND;
import static dev.ttrpc.calls.ClientWire.RC;
import static dev.ttrpc.calls.ClientWire.RO;
import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawClient.text;
import static dev.ttrpc.calls.RawServer.header;
import static dev.ttrpc.calls.RawServer.responseBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.ClientApi.Outcome;
import dev.ttrpc.calls.ClientApi.TestCall;
import dev.ttrpc.calls.RawServer.Connection;
import dev.ttrpc.testing.BlockingCheck;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client makes of each frame, right and wrong, by either API. */
@ParameterizedClass(name = "{0}")
@EnumSource(ClientApi.class)
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientInputsTests {
    private static final byte[] NOTHING = {};
    private static final int LIMIT = 4096;
    private static final List<MethodDescriptor<String, String>> ONE_ANSWER = List.of(Texts.ECHO, Texts.JOIN);
    private static final List<MethodDescriptor<String, String>> STREAMS = List.of(Texts.SPLIT, Texts.CHAT);

    @Parameter
    ClientApi api;

    private ClientWire wire;

    /** What the server does once it has the Request. */
    @FunctionalInterface
    private interface Script {
        void play(Connection server, int id) throws Exception;
    }

    @BeforeEach
    void connect() throws Exception {
        wire = new ClientWire();
    }

    private void reconnect(int limit) throws Exception {
        wire.close();
        wire = new ClientWire(builder -> builder.maxMessageSize(limit).receiveBudget(2L * limit));
    }

    @AfterEach
    void close() throws Exception {
        wire.close();
    }

    /** The outcome of a call for which the server plays a script, whose connection then works on as if nothing had been. */
    private Outcome outcome(MethodDescriptor<String, String> method, Script script) throws Exception {
        TestCall call = wire.call(api, method, "x");
        script.play(wire.connection, wire.opened());
        Outcome outcome = call.outcome();
        wire.nothingWrittenAndAlive();
        return outcome;
    }

    private void all(List<MethodDescriptor<String, String>> methods, String outcome, Script script) throws Exception {
        for (MethodDescriptor<String, String> method : methods) {
            assertThat(outcome(method, script)).as(method.name()).hasToString(outcome);
        }
    }

    @Test
    void responseWithoutStatusIsTheAnswer() throws Exception {
        all(ONE_ANSWER, "[hi] OK", (server, id) -> server.send(id, RESPONSE, 0, hex("12026869")));
    }

    @Test
    void emptyResponseIsTheEmptyMessage() throws Exception {
        for (MethodDescriptor<String, String> method : ONE_ANSWER) {
            assertThat(outcome(method, (server, id) -> server.send(id, RESPONSE, 0, NOTHING)))
                    .isEqualTo(new Outcome(List.of(""), null));
        }
    }

    @Test
    void statusThatSaysOkIsOk() throws Exception {
        all(ONE_ANSWER, "[hi] OK", (server, id) -> server.send(id, RESPONSE, 0, hex("0a00" + "12026869")));
        all(ONE_ANSWER, "[hi] OK", (server, id) -> server.send(id, RESPONSE, 0, hex("0a020800" + "12026869")));
    }

    @Test
    void unknownFieldsOfAResponseAreIgnored() throws Exception {
        all(ONE_ANSWER, "[hi] OK", (server, id) -> server.send(id, RESPONSE, 0, hex("1a0178" + "2001" + "12026869")));
    }

    @Test
    void statusReachesTheCallerWithItsDetails() throws Exception {
        byte[] body = hex("0a16" + "0805" + "12026e6f" + "1a06" + "0a0174" + "120161" + "1a06" + "0a0175" + "120162");
        for (MethodDescriptor<String, String> method : METHODS) {
            TtrpcException failure = outcome(method, (server, id) -> server.send(id, RESPONSE, 0, body))
                    .exception();
            assertThat(failure).isExactlyInstanceOf(TtrpcException.class);
            assertThat(failure.origin()).isEqualTo(TtrpcException.Origin.PEER);
            assertThat(failure.status())
                    .isEqualTo(Status.NOT_FOUND
                            .withDescription("no")
                            .withDetails(
                                    List.of(new Status.Detail("t", text("a")), new Status.Detail("u", text("b")))));
            assertThat(wire.end()).isEqualTo(failure.status());
        }
    }

    @Test
    void statusWinsOverAPayloadThatDoesNotParse() throws Exception {
        all(
                METHODS,
                "[] ABORTED: no",
                (server, id) -> server.send(id, RESPONSE, 0, responseBody(10, "no", "unparsable")));
    }

    @Test
    void codeThatIsNoneIsAFailureThatKeepsItsNumber() throws Exception {
        for (int code : List.of(17, 99, -1, Integer.MAX_VALUE)) {
            for (MethodDescriptor<String, String> method : METHODS) {
                Status status = outcome(method, (server, id) -> server.fail(id, code, "odd"))
                        .exception()
                        .status();
                assertThat(status.code()).isEqualTo(StatusCode.UNKNOWN);
                assertThat(status.codeValue()).isEqualTo(code);
                assertThat(status.description()).isEqualTo("odd");
            }
        }
    }

    @Test
    void unavailableFromTheServerIsNoLostConnection() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            TtrpcException failure = outcome(method, (server, id) -> server.fail(id, 14, "not now"))
                    .exception();
            assertThat(failure).isExactlyInstanceOf(TtrpcException.class).hasMessage("UNAVAILABLE: not now");
        }
    }

    @Test
    void flagsOfAResponseAreIgnored() throws Exception {
        all(ONE_ANSWER, "[hi] OK", (server, id) -> server.send(id, RESPONSE, 0xff, responseBody(0, "", "hi")));
        all(METHODS, "[] ABORTED: no", (server, id) -> server.send(id, RESPONSE, ND, responseBody(10, "no", "")));
    }

    @Test
    void responseThatDoesNotParseFailsItsCall() throws Exception {
        all(
                METHODS,
                "[] INTERNAL: unmarshal response error: a field ends behind its message",
                (server, id) -> server.send(id, RESPONSE, 0, hex("1205")));
        all(
                METHODS,
                "[] INTERNAL: unmarshal response error: a field ends behind its message",
                (server, id) -> server.send(id, RESPONSE, 0, hex("0a020a05")));
    }

    @Test
    void payloadThatDoesNotParseFailsItsCall() throws Exception {
        all(
                METHODS,
                "[] INTERNAL: ttrpc: error unmarshalling payload: not a text",
                (server, id) -> server.answer(id, "unparsable"));
    }

    @Test
    void dataFailsAUnaryCall() throws Exception {
        for (int flags : List.of(0, RC, RC | ND, ND)) {
            all(
                    List.of(Texts.ECHO),
                    "[] INTERNAL: unexpected \"data\" message received: protocol error",
                    (server, id) -> server.send(id, DATA, flags, text("x")));
        }
    }

    @Test
    void requestFailsACallOfAnyKind() throws Exception {
        all(
                METHODS,
                "[] INTERNAL: unexpected \"request\" message received: protocol error",
                (server, id) -> server.send(id, REQUEST, 0, RawClient.requestBody(Texts.SERVICE, "Echo", "x", 0)));
    }

    @Test
    void unknownTypeFailsACallOfAnyKind() throws Exception {
        for (int type : List.of(0, 4, 9, 255)) {
            all(
                    METHODS,
                    "[] INTERNAL: unexpected \"unknown\" message received: protocol error",
                    (server, id) -> server.send(id, type, 0, text("x")));
        }
    }

    @Test
    void whatWasReceivedBeforeAFrameThatMakesNoSenseIsDelivered() throws Exception {
        all(
                STREAMS,
                "[a] INTERNAL: unexpected \"unknown\" message received: protocol error",
                (server, id) -> server.data(id, "a").send(id, 9, 0, NOTHING).data(id, "b"));
    }

    @Test
    void framesOfAnyOtherIdAreDroppedAndCounted() throws Exception {
        reconnect(LIMIT);
        int ended = wire.nothingWrittenAndAlive();
        for (int other : List.of(ended, 0, 2, 1001, -1, Integer.MIN_VALUE)) {
            for (MethodDescriptor<String, String> method : METHODS) {
                TestCall call = wire.call(api, method, "x");
                int id = wire.opened();
                long dropped = wire.channel.statistics().droppedFrames();
                for (int type : List.of(0, REQUEST, RESPONSE, DATA, 9)) {
                    wire.connection.send(other, type, 0, text("x")).send(other, type, RC, NOTHING);
                }
                wire.connection.send(other, DATA, 0, new byte[LIMIT + 1]);
                wire.nothingWrittenAndAlive();
                assertThat(wire.channel.statistics().droppedFrames() - dropped).isEqualTo(10);
                wire.connection.answer(id, "mine");
                assertThat(call.outcome()).hasToString("[mine] OK");
            }
        }
    }

    @Test
    void dataFailsAnUpload() throws Exception {
        for (int flags : List.of(0, RC, RC | ND, ND)) {
            all(
                    List.of(Texts.JOIN),
                    "[] INTERNAL: received data from non-streaming server: protocol error",
                    (server, id) -> server.send(id, DATA, flags, text("x")));
        }
    }

    @Test
    void dataIsAMessageAndEmptyDataTheEmptyOne() throws Exception {
        for (MethodDescriptor<String, String> method : STREAMS) {
            Outcome outcome = outcome(
                    method,
                    (server, id) ->
                            server.data(id, "a").data(id, "").data(id, "b").end(id));
            assertThat(outcome.messages()).containsExactly("a", "", "b");
            assertThat(outcome.failure()).isNull();
        }
    }

    @Test
    void dataThatClosesIsAMessageAndThenTheEnd() throws Exception {
        all(STREAMS, "[a, b] OK", (server, id) -> server.data(id, "a").send(id, DATA, RC, text("b")));
    }

    @Test
    void emptyDataThatClosesIsTheEmptyMessageAndThenTheEnd() throws Exception {
        for (MethodDescriptor<String, String> method : STREAMS) {
            assertThat(outcome(method, (server, id) -> server.send(id, DATA, RC, NOTHING)))
                    .isEqualTo(new Outcome(List.of(""), null));
        }
    }

    @Test
    void dataThatClosesWithoutDataIsTheEndWhateverItsBody() throws Exception {
        all(STREAMS, "[a] OK", (server, id) -> server.data(id, "a").send(id, DATA, RC | ND, NOTHING));
        all(STREAMS, "[a] OK", (server, id) -> server.data(id, "a").send(id, DATA, RC | ND, text("b")));
    }

    @Test
    void noDataWithoutCloseIsAMessageAsForGoClients() throws Exception {
        for (MethodDescriptor<String, String> method : STREAMS) {
            assertThat(outcome(
                            method,
                            (server, id) -> server.send(id, DATA, ND, NOTHING)
                                    .send(id, DATA, ND, text("a"))
                                    .end(id)))
                    .isEqualTo(new Outcome(List.of("", "a"), null));
        }
    }

    @Test
    void unknownFlagsOfDataAreIgnored() throws Exception {
        all(
                STREAMS,
                "[a, b, c, d] OK",
                (server, id) -> server.send(id, DATA, 0xf8, text("a"))
                        .send(id, DATA, RO, text("b"))
                        .send(id, DATA, RO | 0x80, text("c"))
                        .send(id, DATA, 0xf8 | RC, text("d")));
    }

    @Test
    void okResponseWithoutPayloadIsThePlainEndOfAStream() throws Exception {
        for (String body : List.of("", "0a00", "1200")) {
            all(STREAMS, "[a] OK", (server, id) -> server.data(id, "a").send(id, RESPONSE, 0, hex(body)));
        }
    }

    @Test
    void okResponseWithPayloadIsAMessageAndThenTheEndOfAStream() throws Exception {
        all(STREAMS, "[a, b] OK", (server, id) -> server.data(id, "a").answer(id, "b"));
    }

    @Test
    void errorResponseEndsAStreamForGood() throws Exception {
        all(
                STREAMS,
                "[a] ABORTED: no",
                (server, id) ->
                        server.data(id, "a").fail(id, 10, "no").data(id, "b").end(id));
    }

    @Test
    void secondTerminalFrameIsDropped() throws Exception {
        all(ONE_ANSWER, "[a] OK", (server, id) -> server.answer(id, "a").answer(id, "b"));
        all(ONE_ANSWER, "[a] OK", (server, id) -> server.answer(id, "a").fail(id, 10, "no"));
        all(STREAMS, "[] OK", (server, id) -> server.end(id).fail(id, 10, "no"));
        all(STREAMS, "[] OK", (server, id) -> server.end(id).answer(id, "b"));
        all(METHODS, "[] ABORTED: no", (server, id) -> server.fail(id, 10, "no").answer(id, "b"));
    }

    @Test
    void frameOverTheLimitFailsItsCallOnlyAndIsDiscarded() throws Exception {
        TestCall beside = wire.call(api, Texts.CHAT, "");
        int other = wire.opened();
        int length = (4 << 20) + 1;
        for (int type : List.of(RESPONSE, DATA)) {
            for (MethodDescriptor<String, String> method : METHODS) {
                Outcome outcome = outcome(
                        method,
                        (server, id) ->
                                server.bytes(header(length, id, type, 0)).bytes(new byte[length]));
                assertThat(outcome)
                        .hasToString("[] RESOURCE_EXHAUSTED: "
                                + "message length 4194305 exceed maximum message size of 4194304");
                assertThat(outcome.exception().origin()).isEqualTo(TtrpcException.Origin.LIBRARY);
            }
        }
        wire.connection.data(other, "still here").end(other);
        assertThat(beside.outcome()).hasToString("[still here] OK");
    }

    @Test
    void frameOfTheLimitIsTaken() throws Exception {
        reconnect(LIMIT);
        String whole = "x".repeat(LIMIT);
        for (MethodDescriptor<String, String> method : STREAMS) {
            assertThat(outcome(method, (server, id) -> server.data(id, whole).end(id))
                            .messages())
                    .containsExactly(whole);
        }
        String inEnvelope = whole.substring(3);
        for (MethodDescriptor<String, String> method : METHODS) {
            assertThat(outcome(method, (server, id) -> server.answer(id, inEnvelope))
                            .messages())
                    .containsExactly(inEnvelope);
        }
    }

    @Test
    void messageThatDoesNotParseFailsItsStreamForGood() throws Exception {
        all(
                STREAMS,
                "[a] INTERNAL: ttrpc: error unmarshalling payload: not a text",
                (server, id) -> server.data(id, "a")
                        .data(id, "unparsable")
                        .data(id, "b")
                        .end(id));
    }

    @Test
    void answersOfManyCallsComeInAnyOrder() throws Exception {
        TestCall[] calls = new TestCall[8];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = wire.call(api, METHODS.get(i % 4), "x");
            assertThat(wire.opened()).isEqualTo(1 + 2 * i);
        }
        for (int i = calls.length - 1; i >= 0; i--) {
            wire.connection.answer(1 + 2 * i, "answer " + i);
        }
        for (int i = 0; i < calls.length; i++) {
            assertThat(calls[i].outcome()).hasToString("[answer " + i + "] OK");
        }
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
