package dev.ttrpc.calls;

import static dev.ttrpc.calls.ClientWire.METHODS;
import static dev.ttrpc.calls.ClientWire.ND;
import static dev.ttrpc.calls.ClientWire.RC;
import static dev.ttrpc.calls.ClientWire.RO;
import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.ClientApi.TestCall;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.internal.stream.StreamState;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What each event means to each kind of call in each of its states, by either API: the whole table, and no pair left out. */
@ParameterizedClass(name = "{0}")
@EnumSource(ClientApi.class)
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientStreamsTests {
    private static final int LIMIT = 4096;
    private static final String TOO_LARGE =
            "[] RESOURCE_EXHAUSTED: message length 4097 exceed maximum message size of 4096";
    private static final String DOES_NOT_PARSE = "[] INTERNAL: ttrpc: error unmarshalling payload: not a text";
    private static final String DATA_FOR_UNARY = unexpected("data");
    private static final String DATA_FOR_UPLOAD =
            "[] INTERNAL: received data from non-streaming server: protocol error";

    /** Where a call stands. The server's close ends a call at its client, so {@link StreamState#REMOTE_CLOSED} is never seen there. */
    private enum Place {
        OPEN(StreamState.OPEN),
        ALL_SENT(StreamState.LOCAL_CLOSED),
        ANSWERED(StreamState.CLOSED),
        CANCELLED(StreamState.CLOSED);

        final StreamState state;

        Place(StreamState state) {
            this.state = state;
        }

        boolean isLive() {
            return state != StreamState.CLOSED;
        }

        /** The Request of calls without a stream of messages closes their side. */
        boolean exists(MethodDescriptor<?, ?> method) {
            return this != OPEN || method.type().clientStreams();
        }
    }

    /**
     * A frame, and the outcome of a live call that gets it, where the server sends the good end behind it: a message "end" to calls with one answer, the plain end
     * to streams.
     */
    private record Form(int type, int flags, byte[] body, String unary, String upload, String stream) {
        String outcome(MethodDescriptor<?, ?> method) {
            return switch (method.type()) {
                case UNARY -> unary;
                case CLIENT_STREAMING -> upload;
                case SERVER_STREAMING, BIDI_STREAMING -> stream;
            };
        }

        /** Whether a live call ends with this frame, so that the one behind it is dropped. */
        boolean ends(MethodDescriptor<?, ?> method) {
            return !method.type().serverStreams() || type != DATA || (flags & RC) != 0 || body.length > LIMIT;
        }

        @Override
        public String toString() {
            return "type " + type + " flags " + flags + " of " + body.length;
        }
    }

    private static final List<Form> FORMS = List.of(
            response(0, "", "[\"\"] OK", "[] OK"),
            response(0, "0a00", "[\"\"] OK", "[] OK"),
            response(0, "0a020800", "[\"\"] OK", "[] OK"),
            response(0, "12016d", "[m] OK", "[m] OK"),
            response(0, "0a0012016d", "[m] OK", "[m] OK"),
            response(RC | ND, "12016d", "[m] OK", "[m] OK"),
            response(0xff, "12016d", "[m] OK", "[m] OK"),
            response(0, "0a05080a12016e", "[] ABORTED: n", "[] ABORTED: n"),
            response(0, "0a05080a12016e12016d", "[] ABORTED: n", "[] ABORTED: n"),
            response(0, "0a020863", "[] UNKNOWN(99)", "[] UNKNOWN(99)"),
            response(0, "120a756e7061727361626c65", DOES_NOT_PARSE, DOES_NOT_PARSE),
            response(0, "1205", noResponse(), noResponse()),
            response(0, "00".repeat(LIMIT + 1), TOO_LARGE, TOO_LARGE),
            data(0, "6d", "[m] OK"),
            data(0, "", "[\"\"] OK"),
            data(RO, "6d", "[m] OK"),
            data(0xf8, "6d", "[m] OK"),
            data(ND, "", "[\"\"] OK"),
            data(ND, "6d", "[m] OK"),
            data(RC, "6d", "[m] OK"),
            data(RC, "", "[\"\"] OK"),
            data(RC | 0xf8, "6d", "[m] OK"),
            data(RC | ND, "", "[] OK"),
            data(RC | ND, "6d", "[] OK"),
            data(0xff, "6d", "[] OK"),
            data(0, "756e7061727361626c65", DOES_NOT_PARSE),
            data(RC, "756e7061727361626c65", DOES_NOT_PARSE),
            data(RC | ND, "756e7061727361626c65", "[] OK"),
            new Form(DATA, 0, new byte[LIMIT + 1], TOO_LARGE, TOO_LARGE, TOO_LARGE),
            senseless(REQUEST, "request"),
            senseless(0, "unknown"),
            senseless(4, "unknown"),
            senseless(255, "unknown"),
            new Form(9, 0, new byte[LIMIT + 1], TOO_LARGE, TOO_LARGE, TOO_LARGE));

    @Parameter
    ClientApi api;

    private ClientWire wire;

    private static Form response(int flags, String body, String oneAnswer, String stream) {
        return new Form(RESPONSE, flags, HexFormat.of().parseHex(body), oneAnswer, oneAnswer, stream);
    }

    private static Form data(int flags, String body, String stream) {
        return new Form(DATA, flags, HexFormat.of().parseHex(body), DATA_FOR_UNARY, DATA_FOR_UPLOAD, stream);
    }

    private static Form senseless(int type, String name) {
        return new Form(type, RC, RawClient.text("m"), unexpected(name), unexpected(name), unexpected(name));
    }

    private static String unexpected(String name) {
        return "[] INTERNAL: unexpected \"" + name + "\" message received: protocol error";
    }

    private static String noResponse() {
        return "[] INTERNAL: unmarshal response error: a field ends behind its message";
    }

    @BeforeEach
    void connect() throws Exception {
        wire = new ClientWire(builder -> builder.maxMessageSize(LIMIT));
    }

    @AfterEach
    void close() throws Exception {
        wire.close();
    }

    private void reconnect() throws Exception {
        close();
        connect();
    }

    /** One pair of the table: a call that was brought to its place. */
    private record Pair(MethodDescriptor<String, String> method, Place place, TestCall call, int id) {
        boolean hasOneAnswer() {
            return !method.type().serverStreams();
        }

        @Override
        public String toString() {
            return method.name() + " " + place;
        }
    }

    /** What is done with a kind of call in a place. */
    @FunctionalInterface
    private interface Step {
        void take(MethodDescriptor<String, String> method, Place place) throws Exception;
    }

    /** Walks all pairs that exist; the others are named here. */
    private static void walk(Step step) throws Exception {
        List<String> missing = new ArrayList<>();
        for (MethodDescriptor<String, String> method : METHODS) {
            for (Place place : Place.values()) {
                if (place.exists(method)) {
                    step.take(method, place);
                } else {
                    missing.add(method.name() + " " + place);
                }
            }
        }
        assertThat(missing).containsExactly("Echo OPEN", "Split OPEN");
    }

    private Pair reach(MethodDescriptor<String, String> method, Place place, CallOptions options) throws Exception {
        TestCall call = wire.call(api, method, "x", options);
        int id = wire.opened();
        switch (place) {
            case OPEN -> {}
            case ALL_SENT -> {
                if (method.type().clientStreams()) {
                    call.finish();
                    assertThat(wire.next()).isEqualTo(id + " DATA 5");
                }
            }
            case ANSWERED -> {
                wire.connection.answer(id, "done");
                wire.awaitEnd(call);
            }
            case CANCELLED -> {
                call.cancel();
                assertThat(wire.end().code()).isEqualTo(StatusCode.CANCELLED);
                wire.nothingWrittenAndAlive(); // and so the event loop knows too
            }
        }
        return new Pair(method, place, call, id);
    }

    /** The end of a call in a place that nothing changes any more, or the outcome that a live one has. */
    private void ends(Pair pair, Object event, String live) throws Exception {
        String description = pair + ", " + event;
        switch (pair.place) {
            case OPEN, ALL_SENT ->
                assertThat(pair.call.outcome()).as(description).hasToString(live);
            case ANSWERED -> assertThat(pair.call.outcome()).as(description).hasToString("[done] OK");
            case CANCELLED -> assertThat(wire.end().code()).as(description).isEqualTo(StatusCode.CANCELLED);
        }
    }

    @Test
    void everyStateIsWalked() {
        Set<StreamState> walked = EnumSet.noneOf(StreamState.class);
        for (Place place : Place.values()) {
            walked.add(place.state);
        }
        assertThat(EnumSet.complementOf(EnumSet.copyOf(walked))).containsExactly(StreamState.REMOTE_CLOSED);
    }

    @Test
    void everyFrameInEveryState() throws Exception {
        walk((method, place) -> {
            for (Form form : FORMS) {
                Pair pair = reach(method, place, CallOptions.DEFAULT);
                long dropped = wire.channel.statistics().droppedFrames();
                long oversized = wire.channel.statistics().oversizedFrames();
                wire.connection.send(pair.id, form.type, form.flags, form.body);
                if (pair.hasOneAnswer()) {
                    wire.connection.answer(pair.id, "end");
                } else {
                    wire.connection.end(pair.id);
                }
                ends(pair, form, form.outcome(method));
                wire.nothingWrittenAndAlive();
                boolean tooLarge = form.body.length > LIMIT;
                int before = place.isLive() ? 0 : tooLarge ? 1 : 2;
                int behind = place.isLive() && form.ends(method) ? 1 : 0;
                boolean dependsOnTheReader =
                        place.isLive() && form.outcome(method).equals(DOES_NOT_PARSE);
                assertThat(wire.channel.statistics().droppedFrames() - dropped)
                        .as("%s, %s", pair, form)
                        .isBetween((long) before + behind, before + (dependsOnTheReader ? 1L : behind));
                assertThat(wire.channel.statistics().oversizedFrames() - oversized)
                        .isEqualTo(tooLarge ? 1 : 0);
            }
        });
    }

    /** How a connection ends. */
    private enum Ending {
        END_OF_FILE,
        END_OF_FILE_IN_A_FRAME,
        RESET,
        BROKEN_LENGTH;

        void happen(RawServer.Connection connection, int id) throws Exception {
            switch (this) {
                case END_OF_FILE -> connection.close();
                case END_OF_FILE_IN_A_FRAME ->
                    connection.bytes(RawServer.header(10, id, DATA, 0)).close();
                case RESET -> connection.reset();
                case BROKEN_LENGTH -> connection.bytes(RawServer.header(1 << 24, id, DATA, 0));
            }
        }
    }

    @Test
    void everyEndOfTheConnectionInEveryState() throws Exception {
        for (Ending ending : Ending.values()) {
            List<Pair> pairs = new ArrayList<>();
            List<CompletableFuture<Status>> ends = new ArrayList<>();
            walk((method, place) -> {
                pairs.add(reach(method, place, CallOptions.DEFAULT));
                ends.add(wire.ending());
            });
            ending.happen(wire.connection, pairs.get(0).id);
            for (int i = 0; i < pairs.size(); i++) {
                Pair pair = pairs.get(i);
                String description = pair + ", " + ending;
                if (pair.place == Place.CANCELLED) {
                    assertThat(ends.get(i).join().code()).as(description).isEqualTo(StatusCode.CANCELLED);
                } else if (pair.place == Place.ANSWERED) {
                    assertThat(pair.call.outcome()).as(description).hasToString("[done] OK");
                } else {
                    assertThat(pair.call.outcome().failure())
                            .as(description)
                            .isInstanceOfSatisfying(
                                    ConnectionLostException.class,
                                    lost -> assertThat(lost.neverSent()).isFalse());
                }
            }
            wire.reconnect();
        }
    }

    @Test
    void writingInEveryState() throws Exception {
        walk((method, place) -> {
            if (method.type().clientStreams()) {
                Pair pair = reach(method, place, CallOptions.DEFAULT);
                tryTo(() -> pair.call.write("m"));
                if (place == Place.OPEN) {
                    assertThat(wire.next()).isEqualTo(pair.id + " DATA 0 6d");
                }
                wire.nothingWrittenAndAlive();
                wire.connection.answer(pair.id, "end");
                ends(pair, "write", "[end] OK");
            }
        });
    }

    @Test
    void writingTooMuchInEveryState() throws Exception {
        walk((method, place) -> {
            if (method.type().clientStreams()) {
                Pair pair = reach(method, place, CallOptions.DEFAULT);
                tryTo(() -> pair.call.write("m".repeat(LIMIT + 1)));
                wire.nothingWrittenAndAlive();
                wire.connection.answer(pair.id, "end");
                ends(pair, "write too much", place == Place.OPEN ? TOO_LARGE : "[end] OK");
            }
        });
    }

    @Test
    void finishingInEveryState() throws Exception {
        walk((method, place) -> {
            if (method.type().clientStreams()) {
                Pair pair = reach(method, place, CallOptions.DEFAULT);
                tryTo(pair.call::finish);
                if (place == Place.OPEN) {
                    assertThat(wire.next()).isEqualTo(pair.id + " DATA 5");
                }
                wire.nothingWrittenAndAlive();
                wire.connection.answer(pair.id, "end");
                ends(pair, "finish", "[end] OK");
            }
        });
    }

    @Test
    void cancellingInEveryState() throws Exception {
        walk((method, place) -> {
            Pair pair = reach(method, place, CallOptions.DEFAULT);
            pair.call.cancel();
            StatusCode end = wire.end().code();
            boolean answerWasTaken = !(pair.call instanceof ClientApi.BlockingUpload);
            assertThat(end)
                    .as("%s", pair)
                    .isEqualTo(place == Place.ANSWERED && answerWasTaken ? StatusCode.OK : StatusCode.CANCELLED);
            wire.nothingWrittenAndAlive();
            wire.connection.answer(pair.id, "end");
            wire.nothingWrittenAndAlive();
        });
    }

    /** One deadline for all, far enough off that each call gets to its place before. */
    @Test
    void deadlineInEveryState() throws Exception {
        List<CompletableFuture<Status>> ends = new ArrayList<>();
        List<Pair> pairs = BeforeDeadline.reach(Duration.ofMillis(500), this::reconnect, options -> {
            List<Pair> reached = new ArrayList<>();
            ends.clear();
            walk((method, place) -> {
                reached.add(reach(method, place, options));
                ends.add(wire.ending());
            });
            return reached;
        });
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            if (pair.place.isLive()) {
                assertThat(pair.call.outcome())
                        .as("%s", pair)
                        .hasToString("[] DEADLINE_EXCEEDED: context deadline exceeded");
            }
        }
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            if (pair.place == Place.ANSWERED) {
                assertThat(pair.call.outcome()).as("%s", pair).hasToString("[done] OK");
            }
            StatusCode end = ends.get(i).get(10, TimeUnit.SECONDS).code();
            assertThat(end)
                    .as("%s", pair)
                    .isEqualTo(
                            switch (pair.place) {
                                case OPEN, ALL_SENT -> StatusCode.DEADLINE_EXCEEDED;
                                case ANSWERED -> StatusCode.OK;
                                case CANCELLED -> StatusCode.CANCELLED;
                            });
        }
        wire.nothingWrittenAndAlive();
    }

    @Test
    void closingTheChannelInEveryState() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        List<CompletableFuture<Status>> ends = new ArrayList<>();
        walk((method, place) -> {
            pairs.add(reach(method, place, CallOptions.DEFAULT));
            ends.add(wire.ending());
        });
        wire.channel.close();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            switch (pair.place) {
                case OPEN, ALL_SENT ->
                    assertThat(pair.call.outcome().failure())
                            .as("%s", pair)
                            .isInstanceOf(ConnectionLostException.class);
                case ANSWERED -> assertThat(pair.call.outcome()).as("%s", pair).hasToString("[done] OK");
                case CANCELLED -> assertThat(ends.get(i).join().code()).isEqualTo(StatusCode.CANCELLED);
            }
        }
        assertThat(wire.connection.readToEnd()).isEmpty();
    }

    /** By a blocking caller, who is told of a mistake or of the end; a publisher's messages are no longer asked for. */
    private void tryTo(Runnable event) {
        try {
            event.run();
        } catch (IllegalStateException | TtrpcException refused) {
            assertThat(api).isEqualTo(ClientApi.BLOCKING);
        }
    }
}
