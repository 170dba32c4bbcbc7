package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawClient.join;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.server.TtrpcServer;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server does with what it gets: the rows of that table, in its order. */
class ServerInputsTests extends OnEveryStack {
    private static final int LIMIT = 4096;
    private static final String TOO_LARGE =
            "RESOURCE_EXHAUSTED message length 4097 exceed maximum message size of 4096";
    private static final String EVEN = "INVALID_ARGUMENT StreamID must be odd for client initiated streams";
    private static final String REUSED = "INVALID_ARGUMENT StreamID cannot be re-used and must increment";
    private static final String INACTIVE = "INVALID_ARGUMENT StreamID is no longer active";
    private static final String EXPIRED = "DEADLINE_EXCEEDED context deadline exceeded";
    private static final int UNKNOWN_TYPE = 9;
    private static final int[] OTHER_TYPES = {RESPONSE, 0, 4, UNKNOWN_TYPE, 255};
    private static final int[] UNKNOWN_BITS = {0x08, 0x10, 0x20, 0x40, 0x80};

    // Length over the limit

    private void serveSmall() throws Exception {
        serve(TtrpcServer.builder().maxMessageSize(LIMIT));
    }

    private void oversized(int id, int type) throws IOException {
        client.send(id, type, 0, new byte[LIMIT + 1]);
    }

    @Test
    void oversizedBodyIsThrownAwayAsItComes() throws Exception {
        int length = (16 << 20) - 1;
        PooledByteBufAllocator allocator = (PooledByteBufAllocator) Transports.allocator();
        long before = allocator.metric().usedDirectMemory();
        client.header(length, 1, REQUEST, 0).bytes(new byte[length - 1]);
        assertThat(allocator.metric().usedDirectMemory() - before).isLessThanOrEqualTo(8 << 20);
        client.bytes(new byte[1]);
        answers("1 Response 0 RESOURCE_EXHAUSTED message length " + length + " exceed maximum message size of 4194304");
        client.request(3, "Echo", "ok");
        answers("3 Response 0 ok");
    }

    @Test
    void oversizedRequestOnANewIdIsRefusedAndItsIdIsUsed() throws Exception {
        serveSmall();
        oversized(5, REQUEST);
        answers("5 Response 0 " + TOO_LARGE);
        client.send(5, DATA, 0, text("x"));
        nothingMore();
    }

    @Test
    void oversizedRequestOnALiveIdEndsItsCallOnly() throws Exception {
        serveSmall();
        for (Kind kind : Kind.values()) {
            Held beside = hold(3, kind);
            Held call = hold(1, kind);
            oversized(1, REQUEST);
            answers("1 Response 0 " + TOO_LARGE);
            assertThat(call.cancelled().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
            endsWell(3, kind, beside);
        }
        nothingMore();
    }

    @Test
    void oversizedRequestOnAnEndedIdIsRefused() throws Exception {
        serveSmall();
        endsWell(1, Kind.UNARY, hold(1, Kind.UNARY));
        oversized(1, REQUEST);
        answers("1 Response 0 " + TOO_LARGE);
        nothingMore();
    }

    @Test
    void oversizedDataOnALiveCallEndsItWhateverItsKindAndState() throws Exception {
        serveSmall();
        for (Kind kind : Kind.values()) {
            Held call = hold(1, kind);
            oversized(1, DATA);
            answers("1 Response 0 " + TOO_LARGE);
            assertThat(call.cancelled().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
            Held closed = hold(1, kind);
            client.send(1, DATA, RC | ND, NOTHING);
            oversized(1, DATA);
            answers("1 Response 0 " + TOO_LARGE);
            assertThat(closed.cancelled().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        }
        nothingMore();
    }

    @Test
    void oversizedDataWithoutACallGoesByTheRowsOfData() throws Exception {
        serveSmall();
        oversized(7, DATA);
        answers("7 Response 0 " + INACTIVE);
        endsWell(7, Kind.UNARY, hold(7, Kind.UNARY));
        oversized(7, DATA);
        oversized(5, DATA);
        nothingMore();
        oversized(9, DATA);
        answers("9 Response 0 " + INACTIVE);
    }

    @Test
    void oversizedFramesOfOtherTypesAreDropped() throws Exception {
        serveSmall();
        Held call = hold(1, Kind.BIDIRECTIONAL);
        for (int type : OTHER_TYPES) {
            oversized(1, type);
            oversized(5, type);
        }
        nothingMore();
        client.send(5, DATA, 0, NOTHING);
        answers("5 Response 0 " + INACTIVE);
        endsWell(1, Kind.BIDIRECTIONAL, call);
    }

    @Test
    void oversizedFramesOnEvenIdsAreRefusedForTheirId() throws Exception {
        serveSmall();
        for (int type : new int[] {REQUEST, DATA, RESPONSE, UNKNOWN_TYPE}) {
            oversized(2, type);
            answers("2 Response 0 " + EVEN);
        }
        nothingMore();
    }

    // First length byte not 0

    @Test
    void firstLengthByteThatIsNotZeroClosesTheConnectionWithALine() throws Exception {
        for (int first : new int[] {1, 0x7f, 0x80, 0xff}) {
            try (RecordedLog log = RecordedLog.ofServers()) {
                client.header(first << 24 | 5, 1, REQUEST, 0);
                assertThat(client.isClosed()).isTrue();
                assertThat(log.messages(Level.WARN))
                        .singleElement()
                        .asString()
                        .contains("closing the connection", "0x" + Integer.toHexString(first) + "000005");
            }
            reconnect();
            nothingMore();
            assertThat(server.statistics().protocolErrors()).isOne();
            serve(TtrpcServer.builder()); // one line a minute and server
        }
    }

    // Even id

    @Test
    void evenIdsAreRefusedWhateverTheType() throws Exception {
        int greatest = -2;
        for (int type : new int[] {REQUEST, RESPONSE, DATA, 0, UNKNOWN_TYPE, 255}) {
            for (int id : new int[] {0, 2, greatest}) {
                client.send(id, type, 0, requestBody(Texts.SERVICE, "Echo", "x", 0));
                answers(id + " Response 0 " + EVEN);
            }
        }
        client.send(1, DATA, 0, NOTHING);
        answers("1 Response 0 " + INACTIVE); // no even id has counted as a Request's
        assertThat(held.count()).isZero();
    }

    // Unknown type, Response

    @Test
    void unknownTypesAndResponsesAreDroppedOnLiveEndedAndNewIds() throws Exception {
        endsWell(1, Kind.UNARY, hold(1, Kind.UNARY));
        Held live = hold(3, Kind.BIDIRECTIONAL);
        for (int type : OTHER_TYPES) {
            for (int id : new int[] {1, 3, 5, -1}) {
                client.send(id, type, RC, text("x"));
            }
        }
        nothingMore();
        client.send(5, DATA, 0, NOTHING);
        answers("5 Response 0 " + INACTIVE); // no id was used up
        assertThat(live.taken).isEmpty();
        endsWell(3, Kind.BIDIRECTIONAL, live);
    }

    // Request on a live id

    @Test
    void requestOnALiveIdEndsThatCallAndCancelsItsHandler() throws Exception {
        for (Kind kind : Kind.values()) {
            for (boolean strict : new boolean[] {false, true}) {
                serve(TtrpcServer.builder().strictStreamIds(strict));
                Held call = hold(1, kind);
                request(1, kind, "again", 0);
                answers("1 Response 0 " + REUSED);
                assertThat(call.cancelled().code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
                assertThat(server.liveCalls()).isZero();
                call.end("late");
                client.send(1, DATA, RC | ND, NOTHING);
                nothingMore();
                endsWell(3, kind, hold(3, kind));
            }
        }
    }

    // Request on a lower or equal id

    @Test
    void requestOnALowerOrEqualIdThatIsNotLiveIsServed() throws Exception {
        for (Kind kind : Kind.values()) {
            for (int id : new int[] {101, 101, 1, 99, 1}) {
                endsWell(id, kind, hold(id, kind));
            }
        }
        endsWell(-1, Kind.UNARY, hold(-1, Kind.UNARY)); // the greatest id there is
        endsWell(3, Kind.UNARY, hold(3, Kind.UNARY));
    }

    @Test
    void strictStreamIdsRefuseALowerOrEqualId() throws Exception {
        serve(TtrpcServer.builder().strictStreamIds(true));
        endsWell(5, Kind.UNARY, hold(5, Kind.UNARY));
        for (int id : new int[] {5, 3, 1}) {
            request(id, Kind.BIDIRECTIONAL, "", 0);
            answers(id + " Response 0 " + REUSED);
        }
        client.send(7, REQUEST, 0, text("no request"));
        fails(7, StatusCode.INVALID_ARGUMENT, "unmarshal request error");
        client.request(7, "Echo", "x");
        answers("7 Response 0 " + REUSED); // a refused Request uses its id up
        client.request(9, "Echo", "ok");
        answers("9 Response 0 ok");
        assertThat(held.count()).isOne();
    }

    // Request that does not parse

    @Test
    void requestThatDoesNotParseIsRefused() throws Exception {
        byte[] echo = requestBody(Texts.SERVICE, "Echo", "x", 0);
        byte[] brokenText = {0x0a, 1, (byte) 0xff};
        List<byte[]> broken = List.of(
                new byte[] {0x0a, 5, 'x'}, // a string that ends behind the body
                new byte[] {0x0a}, // no length
                new byte[] {0}, // field 0
                join(echo, new byte[] {0x20, (byte) 0x80}), // half a number
                join(echo, new byte[] {0x37}), // wire type 7
                join(echo, new byte[] {0x33}), // a group without end
                join(echo, new byte[] {0x2a, 2, 0x0a, 9}), // broken metadata
                join(echo, new byte[] {0x2a, 3}, brokenText), // a key that is no UTF-8
                brokenText, // a service that is no UTF-8
                new byte[] {0x12, 1, (byte) 0xff}, // a method that is none
                join(requestBody(Texts.SERVICE, "", "", 0), new byte[] {0x12, 1, (byte) 0xff}));
        int id = 1;
        for (byte[] body : broken) {
            client.send(id, REQUEST, 0, body);
            fails(id, StatusCode.INVALID_ARGUMENT, "unmarshal request error");
            client.send(id, DATA, 0, NOTHING); // its id is used
            id += 2;
        }
        nothingMore();
    }

    @Test
    void fieldsThatAreNotKnownAreIgnored() throws Exception {
        byte[] unknown = {0x30, 1, 0x39, 0, 0, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 0, 0, 0x4a, 1, 'x', 0x53, 0x08, 1, 0x54};
        client.send(1, REQUEST, 0, join(unknown, requestBody(Texts.SERVICE, "Echo", "ok", 0), unknown));
        answers("1 Response 0 ok");
    }

    // Unknown service, method

    @Test
    void unknownServiceAndMethodAreUnimplementedEmptyNamesToo() throws Exception {
        for (Kind kind : Kind.values()) {
            client.send(1, REQUEST, kind.flags, requestBody("no.Such", "Echo", "x", 0));
            answers("1 Response 0 UNIMPLEMENTED service no.Such");
            client.send(3, REQUEST, kind.flags, requestBody(Texts.SERVICE, "echo", "x", 0));
            answers("3 Response 0 UNIMPLEMENTED method echo");
            client.send(5, REQUEST, kind.flags, NOTHING);
            assertThat(client.read().text()).endsWith("service ");
            client.send(7, REQUEST, kind.flags, requestBody(Texts.SERVICE, "", "", 0));
            assertThat(client.read().text()).endsWith("method ");
        }
        nothingMore();
    }

    // Payload or message that does not parse

    @Test
    void payloadThatDoesNotParseEndsItsCall() throws Exception {
        int id = 1;
        for (Kind kind : Kind.values()) {
            client.send(id, REQUEST, kind.flags, requestBody(Texts.SERVICE, kind.method, "unparsable", 0));
            fails(id, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
            id += 2;
        }
        request(id, Kind.UNARY, "unparsable", 0);
        fails(id, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
        request(id, Kind.SERVER_STREAMING, "unparsable", 0);
        fails(id, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
        nothingMore();
        assertThat(held.count()).isZero();
    }

    @Test
    void messageThatDoesNotParseEndsItsCall() throws Exception {
        for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
            Held call = hold(1, kind);
            client.send(1, DATA, 0, text("a")).send(1, DATA, 0, text("unparsable"));
            fails(1, StatusCode.INTERNAL, "ttrpc: error unmarshalling payload");
            takes(call, "a", "(INTERNAL)");
            assertThat(call.cancelled().code()).isEqualTo(StatusCode.INTERNAL);
        }
        nothingMore();
    }

    // Payload of a Request

    @Test
    void absentPayloadOfAUnaryOrServerStreamingCallIsTheEmptyMessage() throws Exception {
        byte[] explicit = {0x1a, 0};
        for (Kind kind : new Kind[] {Kind.UNARY, Kind.SERVER_STREAMING}) {
            byte[] absent = requestBody(HeldCalls.SERVICE, kind.method, "", 0);
            for (byte[] body : List.of(absent, join(absent, explicit))) {
                for (int flags : new int[] {0, RC, ND, RC | ND}) {
                    client.send(1, REQUEST, flags, body);
                    Held call = held.next();
                    takes(call, "");
                    endsWell(1, kind, call);
                }
            }
        }
    }

    @Test
    void absentOrEmptyPayloadOfAStreamingRequestIsNoMessageAndAnotherIsTheFirst() throws Exception {
        byte[] explicit = {0x1a, 0};
        for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
            byte[] absent = requestBody(HeldCalls.SERVICE, kind.method, "", 0);
            byte[] first = requestBody(HeldCalls.SERVICE, kind.method, "first", 0);
            for (int flags : new int[] {0, RO, ND, RO | ND}) {
                for (byte[] body : List.of(absent, join(absent, explicit), first)) {
                    client.send(1, REQUEST, flags, body).send(1, DATA, 0, text("data"));
                    Held call = held.next();
                    if (body == first) {
                        takes(call, "first", "data");
                    } else {
                        takes(call, "data");
                    }
                    endsWell(1, kind, call);
                }
            }
        }
    }

    @Test
    void streamingRequestThatClosesIsTheEndOfItsInput() throws Exception {
        for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
            for (int flags : new int[] {RC, RC | RO, RC | ND, RC | RO | ND}) {
                client.send(1, REQUEST, flags, requestBody(HeldCalls.SERVICE, kind.method, "", 0))
                        .send(1, DATA, 0, text("late"));
                Held call = held.next();
                takes(call, "(end)");
                endsWell(1, kind, call);
                client.send(1, REQUEST, flags, requestBody(HeldCalls.SERVICE, kind.method, "only", 0));
                call = held.next();
                takes(call, "only", "(end)");
                endsWell(1, kind, call);
            }
        }
        nothingMore();
    }

    // Flags

    @Test
    void flagsOfAUnaryRequestAreIgnored() throws Exception {
        for (int flags = 0; flags < 256; flags++) {
            client.send(1, REQUEST, flags, requestBody(Texts.SERVICE, "Echo", "ok", 0));
            answers("1 Response 0 ok");
        }
        nothingMore();
    }

    @Test
    void unknownFlagBitsAreIgnored() throws Exception {
        for (int bit : UNKNOWN_BITS) {
            client.send(1, REQUEST, RC | bit, requestBody(Texts.SERVICE, "Split", "a", 0));
            answers("1 Data 0 a", "1 Data 5");
            client.send(1, REQUEST, RO | ND | bit, requestBody(Texts.SERVICE, "Chat", "", 0))
                    .send(1, DATA, bit, text("a"))
                    .send(1, DATA, RO | bit, text("b"))
                    .send(1, DATA, ND | bit, text("dropped"))
                    .send(1, DATA, RC | ND | bit, NOTHING);
            answers("1 Data 0 a", "1 Data 0 b", "1 Data 5");
        }
        nothingMore();
    }

    // Data

    /** What a handler takes when a client sends {@code a}, the frame in question, and {@code b}. */
    private void takesAround(int flags, String payload, String... taken) throws Exception {
        for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
            Held call = hold(1, kind);
            client.send(1, DATA, 0, text("a"))
                    .send(1, DATA, flags, text(payload))
                    .send(1, DATA, 0, text("b"));
            nothingMore();
            takes(call, taken);
            endsWell(1, kind, call);
        }
    }

    @Test
    void dataOfLengthZeroWithoutFlagsIsAnEmptyMessage() throws Exception {
        takesAround(0, "", "a", "", "b");
        takesAround(RO, "", "a", "", "b");
    }

    @Test
    void dataThatHasNoDataAndDoesNotCloseIsDroppedWithItsPayload() throws Exception {
        takesAround(ND, "", "a", "b");
        takesAround(ND, "payload", "a", "b");
        takesAround(ND | RO, "payload", "a", "b");
    }

    @Test
    void dataThatClosesWithoutDataIsTheEndAndItsPayloadIsDropped() throws Exception {
        takesAround(RC | ND, "", "a", "(end)");
        takesAround(RC | ND, "payload", "a", "(end)");
    }

    @Test
    void dataThatClosesIsAMessageAndThenTheEnd() throws Exception {
        takesAround(RC, "payload", "a", "payload", "(end)");
        takesAround(RC, "", "a", "", "(end)");
    }

    @Test
    void dataAfterTheEndOfInputIsDropped() throws Exception {
        for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
            Held call = hold(1, kind);
            client.send(1, DATA, RC | ND, NOTHING);
            sendEveryFormOfData(1);
            nothingMore();
            takes(call, "(end)");
            endsWell(1, kind, call);
        }
    }

    @Test
    void dataOnALiveUnaryOrServerStreamingCallIsDropped() throws Exception {
        for (Kind kind : new Kind[] {Kind.UNARY, Kind.SERVER_STREAMING}) {
            Held call = hold(1, kind);
            sendEveryFormOfData(1);
            nothingMore();
            takes(call, "");
            endsWell(1, kind, call);
        }
    }

    private void sendEveryFormOfData(int id) throws IOException {
        for (int flags = 0; flags < 8; flags++) {
            client.send(id, DATA, flags, NOTHING).send(id, DATA, flags, text("payload"));
        }
    }

    @Test
    void dataAboveEveryRequestIsRefusedAndItsIdIsNotUsedUp() throws Exception {
        serve(TtrpcServer.builder().strictStreamIds(true));
        for (int id : new int[] {1, 9}) {
            sendEveryFormOfData(id);
            for (int i = 0; i < 16; i++) {
                answers(id + " Response 0 " + INACTIVE);
            }
            endsWell(id, Kind.UNARY, hold(id, Kind.UNARY));
        }
        nothingMore();
    }

    @Test
    void dataOnAnEndedOrPassedOverIdIsDropped() throws Exception {
        for (Kind kind : Kind.values()) {
            endsWell(9, kind, hold(9, kind));
            sendEveryFormOfData(9);
            sendEveryFormOfData(7);
        }
        for (int i = 0; i < 1000; i++) {
            client.send(9, DATA, 0, text("late"));
        }
        int greatest = -1; // ids have no sign
        client.send(greatest, DATA, 0, text("early"));
        answers(greatest + " Response 0 " + INACTIVE);
        endsWell(greatest, Kind.UNARY, hold(greatest, Kind.UNARY));
        sendEveryFormOfData(greatest - 2);
        sendEveryFormOfData(Integer.MAX_VALUE);
        nothingMore();
    }

    @Test
    void whatIsDroppedIsCountedOnceWithADebugLine() throws Exception {
        endsWell(1, Kind.UNARY, hold(1, Kind.UNARY));
        Held unary = hold(3, Kind.UNARY);
        Held closed = hold(5, Kind.BIDIRECTIONAL);
        client.send(5, DATA, RC | ND, NOTHING);
        takes(closed, "(end)");
        try (RecordedLog log = RecordedLog.ofServers()) {
            for (int id : new int[] {1, 3, 5}) {
                client.send(id, DATA, 0, text("x"))
                        .send(id, DATA, ND, text("x"))
                        .send(id, RESPONSE, 0, text("x"));
            }
            client.send(7, UNKNOWN_TYPE, 0, text("x"));
            nothingMore();
            assertThat(server.statistics().framesDropped()).isEqualTo(10);
            assertThat(log.messages(Level.DEBUG))
                    .filteredOn(line -> line.contains("dropped"))
                    .hasSize(10);
        }
        endsWell(3, Kind.UNARY, unary);
        endsWell(5, Kind.BIDIRECTIONAL, closed);
    }

    // timeout_nano

    @Test
    void timeoutEndsEveryKindOfCallAndWhatItsHandlerSendsLaterIsDropped() throws Exception {
        List<Held> calls = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Held call = holdUntilDeadline(1, kind);
            answers("1 Response 0 " + EXPIRED);
            assertThat(call.cancelled().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            assertThat(call.context.isCancelled()).isTrue();
            if (kind.clientStreams()) {
                takes(call, "(DEADLINE_EXCEEDED)");
            }
            calls.add(call);
        }
        Held bidirectional = calls.get(3);
        if (stack.isAsync()) {
            bidirectional.write("late");
        } else {
            assertThatThrownBy(() -> bidirectional.write("late")).hasMessageContaining("DEADLINE_EXCEEDED");
        }
        calls.get(0).end("late");
        calls.get(1).fail(Status.ABORTED.asException());
        calls.get(2).fail(new IllegalStateException("late"));
        bidirectional.end("late");
        until(() -> server.runningHandlers() == 0);
        nothingMore();
    }

    @Test
    void timeoutThatIsFarAwayChangesNothing() throws Exception {
        for (Kind kind : Kind.values()) {
            request(1, kind, "", Long.MAX_VALUE);
            endsWell(1, kind, held.next());
        }
    }

    @Test
    void timeoutBelowZeroHasExpiredAndNoHandlerIsBegun() throws Exception {
        for (Kind kind : Kind.values()) {
            for (long timeout : new long[] {-1, Long.MIN_VALUE}) {
                request(1, kind, "", timeout);
                answers("1 Response 0 " + EXPIRED);
            }
        }
        endsWell(1, Kind.UNARY, hold(1, Kind.UNARY));
        assertThat(held.count()).isOne();
    }

    // End of the connection

    @Test
    void endOfTheConnectionHoweverCancelsEveryCall() throws Exception {
        for (int how = 0; how < 3; how++) {
            List<Held> calls = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                calls.add(hold(2 * kind.ordinal() + 1, kind));
            }
            if (how == 0) {
                client.close();
            } else if (how == 1) {
                client.halfClose();
            } else {
                client.reset();
            }
            for (Held call : calls) {
                assertThat(call.cancelled().code()).isEqualTo(StatusCode.CANCELLED);
                assertThat(call.context.isCancelled()).isTrue();
            }
            takes(calls.get(2), "(CANCELLED)");
            takes(calls.get(3), "(CANCELLED)");
            until(() -> server.liveCalls() == 0 && server.connections() == 0);
            reconnect();
        }
    }

    @Test
    void frameThatIsCutOffByTheEndOfTheConnectionIsNoFrame() throws Exception {
        byte[] request = requestBody(HeldCalls.SERVICE, Kind.UNARY.method, "", 0); // a Request by itself
        client.header(request.length + 1, 1, REQUEST, 0).bytes(request);
        client.halfClose();
        assertThat(client.isClosed()).isTrue();
        until(() -> server.connections() == 0);
        assertThat(held.count()).isZero();
        reconnect();
        nothingMore();
    }
}
