package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.server.TtrpcServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server sends: the rows of that table, in its order. */
class ServerSendsTests extends OnEveryStack {
    private static final int DEFAULT_LIMIT = 4 << 20;

    // A message of a stream

    @Test
    void messageOfAStreamIsDataWithoutFlagsAndTheEmptyOneHasLengthZero() throws Exception {
        client.send(1, REQUEST, RC, requestBody(Texts.SERVICE, "Split", "a  b", 0));
        assertThat(client.read()).hasToString("1 DATA 0 61");
        assertThat(client.read()).hasToString("1 DATA 0");
        assertThat(client.read()).hasToString("1 DATA 0 62");
        assertThat(client.read()).hasToString("1 DATA 5");
        client.send(3, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0))
                .send(3, DATA, 0, text("c"))
                .send(3, DATA, 0, NOTHING);
        assertThat(client.read()).hasToString("3 DATA 0 63");
        assertThat(client.read()).hasToString("3 DATA 0");
    }

    // A unary or client-streaming result

    @Test
    void resultIsOneResponseWithoutStatus() throws Exception {
        client.request(1, "Echo", "hi");
        assertThat(client.read()).hasToString("1 RESPONSE 0 12026869");
        client.send(3, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0))
                .send(3, DATA, 0, text("hi"))
                .send(3, DATA, RC | ND, NOTHING);
        assertThat(client.read()).hasToString("3 RESPONSE 0 12026869");
        nothingMore();
    }

    @Test
    void emptyResultIsAnEmptyResponse() throws Exception {
        client.request(1, "Echo", "");
        assertThat(client.read()).hasToString("1 RESPONSE 0");
        client.send(3, REQUEST, RC, requestBody(Texts.SERVICE, "Join", "", 0));
        assertThat(client.read()).hasToString("3 RESPONSE 0");
        nothingMore();
    }

    // The good end of a stream

    @Test
    void streamEndsWellWithACloseAndNoResponse() throws Exception {
        for (Kind kind : new Kind[] {Kind.SERVER_STREAMING, Kind.BIDIRECTIONAL}) {
            Held call = hold(1, kind);
            call.write("last");
            call.end("");
            answers("1 Data 0 last", "1 Data 5");
            hold(3, kind).end("");
            answers("3 Data 5");
        }
        nothingMore();
    }

    // A bad end

    @Test
    void badEndIsAResponseWithItsStatusBehindTheData() throws Exception {
        for (Kind kind : Kind.values()) {
            Held call = hold(1, kind);
            if (kind.serverStreams()) {
                call.write("data");
                answers("1 Data 0 data");
                call.write("more");
            }
            call.fail(Status.ABORTED.withDescription("told to").asException());
            if (kind.serverStreams()) {
                answers("1 Data 0 more");
            }
            answers("1 Response 0 ABORTED told to");
        }
        nothingMore();
    }

    @Test
    void nothingFollowsTheTerminalFrame() throws Exception {
        for (Kind kind : new Kind[] {Kind.SERVER_STREAMING, Kind.BIDIRECTIONAL}) {
            Held call = hold(1, kind);
            call.write("data");
            answers("1 Data 0 data");
            request(1, kind, "", 0);
            fails(1, StatusCode.INVALID_ARGUMENT, "StreamID cannot be re-used");
            call.cancelled();
            try {
                call.write("late");
            } catch (RuntimeException told) {
                assertThat(told).hasMessageContaining("CANCELLED");
            }
            call.end("");
            until(() -> server.runningHandlers() == 0);
            nothingMore();
        }
    }

    // The limit of a message

    @Test
    void resultAboveFourMebibytesIsRefusedBeforeAnythingIsWritten() throws Exception {
        int envelope = 5;
        client.request(1, "Echo", "repeat " + (DEFAULT_LIMIT - envelope));
        assertThat(client.read().body()).hasSize(DEFAULT_LIMIT);
        client.request(3, "Echo", "repeat " + (DEFAULT_LIMIT - envelope + 1));
        answers("3 Response 0 RESOURCE_EXHAUSTED message length 4194305 exceed maximum message size of 4194304");
        client.request(5, "Echo", "ok");
        answers("5 Response 0 ok");
    }

    @Test
    void messageLimitIsFromFourKibibytesToSixteenMebibytesLessOne() throws Exception {
        int greatest = (16 << 20) - 1;
        for (int refused : new int[] {-1, 0, (4 << 10) - 1, greatest + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TtrpcServer.builder().maxMessageSize(refused))
                    .withMessageContaining("4096 to 16777215");
        }
        serve(TtrpcServer.builder().maxMessageSize(4 << 10));
        client.request(1, "Echo", "repeat 4094");
        answers("1 Response 0 RESOURCE_EXHAUSTED message length 4097 exceed maximum message size of 4096");
        serve(TtrpcServer.builder().maxMessageSize(greatest).receiveBudget(2L * greatest));
        client.request(1, "Echo", "repeat " + (greatest - 5));
        assertThat(client.read().body()).hasSize(greatest);
    }

    // Status codes

    @Test
    void codesFromOneToSixteenAreSentAsTheyAreAndOthersAsUnknown() throws Exception {
        for (int code = 1; code <= 16; code++) {
            hold(1, Kind.UNARY)
                    .fail(Status.forCodeValue(code).withDescription("text").asException());
            answers("1 Response 0 " + StatusCode.forValue(code) + " text");
        }
        for (int code : new int[] {17, 99, -1, Integer.MAX_VALUE}) {
            hold(1, Kind.BIDIRECTIONAL)
                    .fail(Status.forCodeValue(code).withDescription("odd").asException());
            answers("1 Response 0 UNKNOWN status code " + code + ": odd");
            hold(1, Kind.UNARY).fail(Status.forCodeValue(code).asException());
            answers("1 Response 0 UNKNOWN status code " + code);
        }
        nothingMore();
    }

    @Test
    void detailsOfAStatusAreSentWithIt() throws Exception {
        hold(1, Kind.UNARY)
                .fail(Status.NOT_FOUND
                        .withDescription("x")
                        .withDetails(List.of(new Status.Detail("a/b", new byte[] {7})))
                        .asException());
        assertThat(client.read()).hasToString("1 RESPONSE 0 0a0f08051201781a080a03612f62120107");
    }

    // Whole frames

    @Test
    void frameOnceBegunIsWrittenWholeAlthoughItsCallEnds() throws Exception {
        int large = 3 << 20;
        RawClient.Frame first;
        long soon = Duration.ofMillis(300).toNanos();
        do { // until the message is before the deadline, as it is at once but for a very busy machine
            Held call = held.nextUntilDeadline(client, 1, Kind.BIDIRECTIONAL, Kind.BIDIRECTIONAL.flags, soon);
            try {
                call.write("x".repeat(large)); // more than the socket takes while nobody reads
            } catch (TtrpcException tooLate) {
                assertThat(tooLate.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            }
            assertThat(call.cancelled().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            first = client.read();
            soon *= 4;
        } while (first.isTerminal());
        assertThat(first.body()).hasSize(large);
        answers("1 Response 0 DEADLINE_EXCEEDED context deadline exceeded");
        client.request(3, "Echo", "ok");
        answers("3 Response 0 ok");
    }

    // Text

    @Test
    void errorTextIsAlwaysValidUtf8() throws Exception {
        hold(1, Kind.UNARY)
                .fail(Status.ABORTED
                        .withDescription("half \ud83d of a pair, \u00fc")
                        .asException());
        answers("1 Response 0 ABORTED half ? of a pair, \u00fc");
    }

    @Test
    void errorTextAboveTheLimitIsRefusedInItsPlace() throws Exception {
        serve(TtrpcServer.builder().maxMessageSize(4096));
        hold(1, Kind.BIDIRECTIONAL)
                .fail(Status.ABORTED.withDescription("x".repeat(5000)).asException());
        fails(1, StatusCode.RESOURCE_EXHAUSTED, "message length 50");
        client.request(3, "Echo", "ok");
        answers("3 Response 0 ok");
    }
}
