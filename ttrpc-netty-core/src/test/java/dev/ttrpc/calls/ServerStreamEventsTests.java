package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawClient.join;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Status;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.internal.stream.StreamState;
import dev.ttrpc.server.TtrpcServer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every event in every state of every kind of call. The expectations are switches without a default over all events and states, so a new one does not compile until its
 * column is filled.
 */
class ServerStreamEventsTests extends OnEveryStack {
    private static final int LIMIT = 4096;

    /** All that may happen to a stream. */
    enum Event {
        REQUEST_AGAIN,
        MESSAGE,
        EMPTY_MESSAGE,
        NO_DATA,
        NO_DATA_WITH_PAYLOAD,
        LAST_MESSAGE,
        EMPTY_LAST_MESSAGE,
        CLOSE,
        CLOSE_WITH_PAYLOAD,
        CLOSE_TWICE,
        RESPONSE_FRAME,
        UNKNOWN_TYPE,
        OVERSIZED_DATA,
        OVERSIZED_REQUEST,
        OVERSIZED_RESPONSE,
        HANDLER_SENDS,
        HANDLER_ENDS_WELL,
        HANDLER_ENDS_BADLY,
        DEADLINE,
        CONNECTION_GONE
    }

    /**
     * What is to be seen after an event.
     *
     * @param frames what the server sends
     * @param taken what the handler of a client- or bidirectional stream has taken
     * @param after the state of the stream then
     */
    record Seen(List<String> frames, List<String> taken, StreamState after) {}

    @BeforeEach
    void serveSmall() throws Exception {
        serve(TtrpcServer.builder().maxMessageSize(LIMIT));
    }

    // The table

    private static final String GONE = "-";

    /** The states that a call of this kind can be in: a server's own last frame ends the call, so its side alone is never closed. */
    private static Set<StreamState> states(Kind kind) {
        return kind.clientStreams()
                ? EnumSet.of(StreamState.OPEN, StreamState.REMOTE_CLOSED, StreamState.CLOSED)
                : EnumSet.of(StreamState.REMOTE_CLOSED, StreamState.CLOSED);
    }

    private static Seen expected(Kind kind, StreamState state, Event event) {
        return switch (state) {
            case OPEN -> whileOpen(kind, event);
            case REMOTE_CLOSED -> whileRemoteClosed(kind, event);
            case CLOSED -> whenClosed(event);
            case LOCAL_CLOSED -> throw new AssertionError("never, see states()");
        };
    }

    private static Seen whileOpen(Kind kind, Event event) {
        return switch (event) {
            case MESSAGE -> open("message");
            case EMPTY_MESSAGE -> open("");
            case NO_DATA, NO_DATA_WITH_PAYLOAD -> open();
            case LAST_MESSAGE -> closed("last", "(end)");
            case EMPTY_LAST_MESSAGE -> closed("", "(end)");
            case CLOSE, CLOSE_WITH_PAYLOAD, CLOSE_TWICE -> closed("(end)");
            case RESPONSE_FRAME, UNKNOWN_TYPE, OVERSIZED_RESPONSE -> open();
            case HANDLER_SENDS ->
                kind.serverStreams() ? new Seen(List.of("1 Data 0 sent"), List.of(), StreamState.OPEN) : open();
            case HANDLER_ENDS_WELL -> ended(well(kind), "(CANCELLED)");
            case HANDLER_ENDS_BADLY -> ended("1 Response 0 ABORTED badly", "(CANCELLED)");
            case REQUEST_AGAIN -> ended(REUSED, "(CANCELLED)");
            case OVERSIZED_DATA, OVERSIZED_REQUEST -> ended(TOO_LARGE, "(CANCELLED)");
            case DEADLINE -> ended(EXPIRED, "(DEADLINE_EXCEEDED)");
            case CONNECTION_GONE -> ended(GONE, "(CANCELLED)");
        };
    }

    private static Seen whileRemoteClosed(Kind kind, Event event) {
        String before = kind.clientStreams() ? "(end)" : "";
        return switch (event) {
            case MESSAGE,
                    EMPTY_MESSAGE,
                    NO_DATA,
                    NO_DATA_WITH_PAYLOAD,
                    LAST_MESSAGE,
                    EMPTY_LAST_MESSAGE,
                    CLOSE,
                    CLOSE_WITH_PAYLOAD,
                    CLOSE_TWICE,
                    RESPONSE_FRAME,
                    UNKNOWN_TYPE,
                    OVERSIZED_RESPONSE -> closed(before);
            case HANDLER_SENDS ->
                kind.serverStreams()
                        ? new Seen(List.of("1 Data 0 sent"), List.of(before), StreamState.REMOTE_CLOSED)
                        : closed(before);
            case HANDLER_ENDS_WELL -> ended(well(kind), before);
            case HANDLER_ENDS_BADLY -> ended("1 Response 0 ABORTED badly", before);
            case REQUEST_AGAIN -> ended(REUSED, before);
            case OVERSIZED_DATA, OVERSIZED_REQUEST -> ended(TOO_LARGE, before);
            case DEADLINE -> ended(EXPIRED, before);
            case CONNECTION_GONE -> ended(GONE, before);
        };
    }

    private static Seen whenClosed(Event event) {
        return switch (event) {
            case MESSAGE,
                    EMPTY_MESSAGE,
                    NO_DATA,
                    NO_DATA_WITH_PAYLOAD,
                    LAST_MESSAGE,
                    EMPTY_LAST_MESSAGE,
                    CLOSE,
                    CLOSE_WITH_PAYLOAD,
                    CLOSE_TWICE,
                    RESPONSE_FRAME,
                    UNKNOWN_TYPE,
                    OVERSIZED_DATA,
                    OVERSIZED_RESPONSE,
                    HANDLER_SENDS,
                    HANDLER_ENDS_WELL,
                    HANDLER_ENDS_BADLY,
                    DEADLINE -> silent();
            case CONNECTION_GONE -> new Seen(List.of(GONE), List.of(), StreamState.CLOSED);
            case OVERSIZED_REQUEST -> new Seen(List.of(TOO_LARGE), List.of(), StreamState.CLOSED);
            case REQUEST_AGAIN -> new Seen(List.of("a new call"), List.of(), StreamState.CLOSED);
        };
    }

    /** How many frames are dropped, each of which is counted. */
    private static int dropped(StreamState state, Event event) {
        return switch (event) {
            case NO_DATA, NO_DATA_WITH_PAYLOAD, RESPONSE_FRAME, UNKNOWN_TYPE, OVERSIZED_RESPONSE -> 1;
            case MESSAGE, EMPTY_MESSAGE, LAST_MESSAGE, EMPTY_LAST_MESSAGE, CLOSE, CLOSE_WITH_PAYLOAD ->
                state.canReceive() ? 0 : 1;
            case CLOSE_TWICE -> state.canReceive() ? 1 : 2;
            case OVERSIZED_DATA -> state == StreamState.CLOSED ? 1 : 0;
            case REQUEST_AGAIN,
                    OVERSIZED_REQUEST,
                    HANDLER_SENDS,
                    HANDLER_ENDS_WELL,
                    HANDLER_ENDS_BADLY,
                    DEADLINE,
                    CONNECTION_GONE -> 0;
        };
    }

    private static final String REUSED = "1 Response 0 INVALID_ARGUMENT StreamID cannot be re-used and must increment";
    private static final String TOO_LARGE =
            "1 Response 0 RESOURCE_EXHAUSTED message length 4097 exceed maximum message size of 4096";
    private static final String EXPIRED = "1 Response 0 DEADLINE_EXCEEDED context deadline exceeded";

    private static String well(Kind kind) {
        return kind.serverStreams() ? "1 Data 5" : "1 Response 0 done";
    }

    private static Seen open(String... taken) {
        return new Seen(List.of(), List.of(taken), StreamState.OPEN);
    }

    private static Seen closed(String... taken) {
        return new Seen(List.of(), List.of(taken), StreamState.REMOTE_CLOSED);
    }

    private static Seen ended(String frame, String... taken) {
        return new Seen(List.of(frame), List.of(taken), StreamState.CLOSED);
    }

    private static Seen silent() {
        return new Seen(List.of(), List.of(), StreamState.CLOSED);
    }

    // The walk

    @ParameterizedTest
    @EnumSource
    void everyEventInEveryStateOfEveryKind(Event event) throws Exception {
        for (Kind kind : Kind.values()) {
            for (StreamState state : states(kind)) {
                walk(kind, state, event);
            }
        }
    }

    @Test
    void statesThatCannotBeAreThoseOfAServersOwnSide() {
        Set<StreamState> never = EnumSet.allOf(StreamState.class);
        Stream.of(Kind.values()).forEach(kind -> never.removeAll(states(kind)));
        assertThat(never).containsExactly(StreamState.LOCAL_CLOSED);
        for (Kind kind : Kind.values()) {
            for (StreamState state : states(kind)) {
                assertThat(Arrays.stream(Event.values()).map(event -> expected(kind, state, event)))
                        .doesNotContainNull();
            }
        }
    }

    private void walk(Kind kind, StreamState state, Event event) throws Exception {
        String what = event + " to a " + kind + " call that is " + state;
        reconnect();
        Held call = reach(kind, state, event);
        Seen expected = expected(kind, state, event);
        until(() -> server.connections() == 1); // so what came on the one before has been counted
        long before = server.statistics().framesDropped();

        bringAbout(event, kind, call);
        for (String frame : expected.frames()) {
            if (frame.equals(GONE)) {
                until(() -> server.connections() == 0);
            } else if (frame.equals("a new call")) {
                endsWell(1, kind, held.next());
            } else {
                assertThat(client.read().words()).as(what).isEqualTo(frame);
            }
        }
        if (expected.frames().contains(GONE)) {
            assertThat(server.liveCalls()).as(what).isZero();
            client = connect();
        } else {
            nothingMore();
        }
        assertThat(server.statistics().framesDropped() - before).as(what).isEqualTo(dropped(state, event));
        if (state != StreamState.CLOSED) {
            takes(what, call, expected.taken());
        }
        hasState(what, kind, call, expected.after());
    }

    /** A call in this state; for the deadline one that has a deadline soon, which a call that is closed has already passed. */
    private Held reach(Kind kind, StreamState state, Event event) throws Exception {
        boolean closes = kind.clientStreams() && state == StreamState.REMOTE_CLOSED;
        if (event != Event.DEADLINE) {
            Held call = hold(1, kind);
            if (closes) {
                client.send(1, DATA, RC | ND, NOTHING);
                takes(call, "(end)");
            } else if (state == StreamState.CLOSED) {
                endsWell(1, kind, call);
            }
            return call;
        } else if (state != StreamState.CLOSED) {
            return holdUntilDeadline(1, kind, closes ? RC : kind.flags);
        }
        Held call = hold(1, kind);
        endsWell(1, kind, call);
        client.bytes(join(expiring(1, kind, SOON), expiring(1, kind, 0), expiring(3, kind, SOON)));
        answers(REUSED, EXPIRED.replaceFirst("1", "3")); // and nothing for 1, whose deadline was before
        return call;
    }

    private static byte[] expiring(int id, Kind kind, long timeoutNano) {
        String payload = kind.clientStreams() ? "" : "hang"; // the others wait for input
        return RawServer.frame(id, REQUEST, kind.flags, requestBody(Texts.SERVICE, kind.method, payload, timeoutNano));
    }

    private void bringAbout(Event event, Kind kind, Held call) throws Exception {
        switch (event) {
            case REQUEST_AGAIN -> request(1, kind, "", 0);
            case MESSAGE -> client.send(1, DATA, 0, text("message"));
            case EMPTY_MESSAGE -> client.send(1, DATA, 0, NOTHING);
            case NO_DATA -> client.send(1, DATA, ND, NOTHING);
            case NO_DATA_WITH_PAYLOAD -> client.send(1, DATA, ND, text("payload"));
            case LAST_MESSAGE -> client.send(1, DATA, RC, text("last"));
            case EMPTY_LAST_MESSAGE -> client.send(1, DATA, RC, NOTHING);
            case CLOSE -> client.send(1, DATA, RC | ND, NOTHING);
            case CLOSE_WITH_PAYLOAD -> client.send(1, DATA, RC | ND, text("payload"));
            case CLOSE_TWICE -> client.send(1, DATA, RC | ND, NOTHING).send(1, DATA, RC, text("second"));
            case RESPONSE_FRAME -> client.send(1, RESPONSE, 0, text("x"));
            case UNKNOWN_TYPE -> client.send(1, 9, RC, text("x"));
            case OVERSIZED_DATA -> client.send(1, DATA, RC, new byte[LIMIT + 1]);
            case OVERSIZED_REQUEST -> client.send(1, REQUEST, 0, new byte[LIMIT + 1]);
            case OVERSIZED_RESPONSE -> client.send(1, RESPONSE, 0, new byte[LIMIT + 1]);
            case HANDLER_SENDS -> send(kind, call);
            case HANDLER_ENDS_WELL -> call.end("done");
            case HANDLER_ENDS_BADLY ->
                call.fail(Status.ABORTED.withDescription("badly").asException());
            case DEADLINE -> {} // it passes
            case CONNECTION_GONE -> client.close();
        }
    }

    private static void send(Kind kind, Held call) {
        if (kind.serverStreams()) {
            try {
                call.write("sent");
            } catch (IllegalStateException over) {
                assertThat(over).hasMessageMatching("the call has ended|Closed");
            }
        }
    }

    private static void takes(String what, Held call, List<String> messages) {
        until(() -> call.taken.size() >= messages.size());
        assertThat(call.taken).as(what).isEqualTo(messages);
    }

    /** Asks the stream for its state by what it does with a message, and what a handler can still do. */
    private void hasState(String what, Kind kind, Held call, StreamState state) throws Exception {
        if (state == StreamState.CLOSED) {
            assertThat(server.liveCalls()).as(what).isZero();
            call.end("late");
            client.send(1, DATA, 0, text("late"));
            return;
        }
        int before = call.taken.size();
        client.send(1, DATA, 0, text("probe"));
        nothingMore();
        if (state.canReceive()) {
            until(() -> call.taken.size() > before);
        }
        assertThat(call.taken.subList(before, call.taken.size()))
                .as(what)
                .isEqualTo(state.canReceive() ? List.of("probe") : List.of());
        call.end("done");
        answers(well(kind));
    }
}
