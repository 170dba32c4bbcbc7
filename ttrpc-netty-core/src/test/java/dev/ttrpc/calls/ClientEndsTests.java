package dev.ttrpc.calls;

import static dev.ttrpc.calls.ClientWire.METHODS;
import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawServer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.ClientApi.Outcome;
import dev.ttrpc.calls.ClientApi.TestCall;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.testing.BlockingCheck;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends a call at a client besides the server's answer: the end of the connection, the caller, the clock. By either API. */
@ParameterizedClass(name = "{0}")
@EnumSource(ClientApi.class)
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientEndsTests {
    private static final List<MethodDescriptor<String, String>> INPUTS = List.of(Texts.JOIN, Texts.CHAT);
    private static final List<MethodDescriptor<String, String>> STREAMS = List.of(Texts.SPLIT, Texts.CHAT);

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

    private void reconnect() throws Exception {
        close();
        connect();
    }

    /** How the server ends a connection. */
    @FunctionalInterface
    private interface Ending {
        void end(RawServer.Connection connection) throws Exception;
    }

    /** One call of each kind, whose Requests the server has. */
    private List<TestCall> oneOfEach() throws Exception {
        List<TestCall> calls = new ArrayList<>();
        for (MethodDescriptor<String, String> method : METHODS) {
            calls.add(wire.call(api, method, "x"));
            wire.opened();
        }
        return calls;
    }

    private void endsAllCallsAndTheNextOneReconnects(Ending ending) throws Exception {
        List<TestCall> calls = oneOfEach();
        ending.end(wire.connection);
        for (TestCall call : calls) {
            TtrpcException failure = call.outcome().exception();
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            lost -> assertThat(lost.neverSent()).isFalse());
            assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
            assertThat(failure.status().description())
                    .startsWith("the connection to " + wire.server.address() + " was lost");
            assertThat(failure.origin()).isEqualTo(TtrpcException.Origin.LIBRARY);
        }
        awaitQuickly(() -> wire.channel.liveCalls() == 0 && wire.channel.state() == ChannelState.IDLE);
        TestCall next = wire.call(api, Texts.ECHO, "next");
        wire.connection = wire.server.accept();
        wire.connection.answer(wire.opened(), "hi");
        assertThat(next.outcome()).hasToString("[hi] OK");
        assertThat(wire.nothingWrittenAndAlive()).isEqualTo(3);
    }

    @Test
    void endOfTheConnectionEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(RawServer.Connection::close);
    }

    @Test
    void halfClosedConnectionEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(RawServer.Connection::halfClose);
    }

    @Test
    void resetOfTheConnectionEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(RawServer.Connection::reset);
    }

    @Test
    void endOfTheConnectionInAHeaderEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(connection -> {
            connection.bytes(new byte[] {0, 0, 0});
            connection.close();
        });
    }

    @Test
    void endOfTheConnectionInABodyEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(connection -> {
            connection.bytes(header(1_000, 1, RESPONSE, 0)).bytes(new byte[999]);
            connection.close();
        });
    }

    @Test
    void endOfTheConnectionInADiscardedBodyEndsItsCalls() throws Exception {
        endsAllCallsAndTheNextOneReconnects(connection -> {
            connection.bytes(header(5 << 20, 1, RESPONSE, 0)).bytes(new byte[1_000]);
            connection.close();
        });
    }

    @Test
    void lengthWhoseFirstByteIsNotZeroEndsTheConnection() throws Exception {
        endsAllCallsAndTheNextOneReconnects(connection -> {
            connection.bytes(header(1 << 24, 1, RESPONSE, 0));
            assertThat(connection.isClosed()).isTrue();
        });
        endsAllCallsAndTheNextOneReconnects(connection -> {
            connection.bytes(header(-1, 9, RESPONSE, 0));
            assertThat(connection.isClosed()).isTrue();
        });
    }

    @Test
    void framesBehindABrokenLengthAreNotRead() throws Exception {
        TestCall call = wire.call(api, Texts.ECHO, "x");
        int id = wire.opened();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(header(1 << 24, id, RESPONSE, 0));
        frames.writeBytes(RawServer.frame(id, RESPONSE, 0, RawServer.responseBody(0, "", "hi")));
        wire.connection.bytes(frames.toByteArray());
        assertThat(call.outcome().failure()).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void whatWasReceivedIsDeliveredBeforeTheEndOfTheConnection() throws Exception {
        for (MethodDescriptor<String, String> method : STREAMS) {
            for (boolean broken : List.of(false, true)) {
                TestCall call = wire.call(api, method, "x");
                int id = wire.opened();
                ByteArrayOutputStream frames = new ByteArrayOutputStream();
                for (int i = 0; i < 100; i++) {
                    frames.writeBytes(RawServer.frame(id, DATA, 0, RawClient.text("" + i)));
                }
                if (broken) {
                    frames.writeBytes(header(1 << 24, id, DATA, 0));
                    wire.connection.bytes(frames.toByteArray());
                } else {
                    wire.connection.bytes(frames.toByteArray()).close();
                }
                wire.awaitEnd(call); // the client knows before anything was read
                Outcome outcome = call.outcome();
                assertThat(outcome.messages()).hasSize(100).startsWith("0", "1").endsWith("99");
                assertThat(outcome.failure()).isInstanceOf(ConnectionLostException.class);
                wire.reconnect();
            }
        }
    }

    @Test
    void answerThatCameIsDeliveredThoughTheConnectionEnds() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            TestCall call = wire.call(api, method, "x");
            wire.connection.answer(wire.opened(), "answer").close();
            assertThat(call.outcome()).hasToString("[answer] OK");
            wire.reconnect();
        }
    }

    /** The connection is paused when the server goes: what the socket holds is read when the reader has made room. */
    @Test
    void whatAPausedConnectionHoldsIsDeliveredBeforeItsEnd() throws Exception {
        wire.close();
        wire = new ClientWire(builder -> builder.maxMessageSize(4096).receiveBudget(8192));
        MessageReader<String> reader = wire.channel.serverStreaming(Texts.SPLIT, "x", CallOptions.DEFAULT);
        int id = wire.opened();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            frames.writeBytes(RawServer.frame(id, DATA, 0, RawClient.text("" + i)));
        }
        wire.connection.bytes(frames.toByteArray()).close();
        for (int i = 0; i < 1_000; i++) {
            assertThat(reader.read()).isEqualTo("" + i);
        }
        assertThatThrownBy(reader::read).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void callsWithoutAConnectionAreToldThatNothingWasSent() throws Exception {
        wire.connection.close();
        wire.server.stopListening();
        awaitQuickly(() -> wire.channel.state() != ChannelState.READY);
        for (MethodDescriptor<String, String> method : METHODS) {
            TtrpcException failure = failureOf(method, CallOptions.DEFAULT);
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            lost -> assertThat(lost.neverSent()).isTrue());
            assertThat(failure.status().description())
                    .contains(wire.server.address().toString());
        }
    }

    @Test
    void closingTheChannelEndsItsCallsAndRefusesMore() throws Exception {
        List<TestCall> calls = oneOfEach();
        wire.channel.close();
        for (TestCall call : calls) {
            assertThat(call.outcome().failure()).isInstanceOf(ConnectionLostException.class);
        }
        assertThat(wire.connection.readToEnd()).isEmpty();
        wire.channel.close();
        for (MethodDescriptor<String, String> method : METHODS) {
            assertThat(failureOf(method, CallOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            lost -> assertThat(lost.neverSent()).isTrue());
        }
    }

    @Test
    void serverMayEndACallBeforeTheClientHas() throws Exception {
        for (MethodDescriptor<String, String> method : INPUTS) {
            TestCall call = wire.call(api, method, "");
            int id = wire.opened();
            call.write("a");
            assertThat(wire.next()).isEqualTo(id + " DATA 0 61");
            wire.connection.answer(id, "enough");
            wire.awaitEnd(call);
            call.write("late");
            assertThat(call.outcome()).hasToString("[enough] OK");
            wire.nothingWrittenAndAlive();
        }
    }

    /** The server reads nothing, so the writer waits for output when the end comes. */
    @Test
    void endWhileTheClientWritesEndsTheWriting() throws Exception {
        for (MethodDescriptor<String, String> method : INPUTS) {
            for (boolean well : List.of(true, false)) {
                TestCall call = wire.call(api, method, "");
                int id = wire.opened();
                AtomicBoolean ended = new AtomicBoolean();
                CompletableFuture<Status> written = new CompletableFuture<>();
                Thread writer = new Thread(() -> write(call, ended, written));
                writer.start();
                awaitQuickly(() -> wire.connection.unread() > 10_000
                        && (api == ClientApi.ASYNC || writer.getState() == Thread.State.WAITING));
                if (well) {
                    wire.connection.answer(id, "enough");
                } else {
                    wire.connection.fail(id, 10, "no");
                }
                wire.awaitEnd(call);
                ended.set(well); // else the writer is to be told by an exception
                assertThat(written.get(10, TimeUnit.SECONDS))
                        .hasToString(well || api == ClientApi.ASYNC ? "OK" : "ABORTED: no");
                RawClient.Frame frame = probeBehindData(id);
                wire.connection.answer(frame.id(), "alive");
                assertThat(call.outcome()).hasToString(well ? "[enough] OK" : "[] ABORTED: no");
                wire.nothingWrittenAndAlive();
            }
        }
    }

    /** A good end is no failure to a writer, whose messages are dropped. */
    private void write(TestCall call, AtomicBoolean ended, CompletableFuture<Status> written) {
        String large = "x".repeat(100_000);
        try {
            for (int i = 0; i < 200 || (api == ClientApi.BLOCKING && !ended.get()); i++) {
                call.write(large);
            }
            written.complete(Status.OK);
        } catch (TtrpcException e) {
            written.complete(e.status());
        } catch (RuntimeException | Error e) {
            written.completeExceptionally(e);
        }
    }

    private RawClient.Frame probeBehindData(int id) throws Exception {
        wire.call(ClientApi.ASYNC, ClientWire.PROBE, "behind");
        RawClient.Frame frame = wire.connection.read();
        while (frame.type() == DATA) {
            assertThat(frame.id()).isEqualTo(id);
            assertThat(frame.body()).hasSize(100_000); // each of them whole
            frame = wire.connection.read();
        }
        return frame;
    }

    @Test
    void publisherOfRequestsIsCancelledAtTheEnd() throws Exception {
        for (boolean well : List.of(true, false)) {
            ClientApi.Requests requests = new ClientApi.Requests();
            CompletableFuture<String> answer =
                    wire.channel.clientStreamingAsync(Texts.JOIN, requests, CallOptions.DEFAULT);
            int id = wire.opened();
            requests.publish("a");
            assertThat(wire.next()).isEqualTo(id + " DATA 0 61");
            assertThat(requests.isCancelled()).isFalse();
            if (well) {
                wire.connection.answer(id, "enough");
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("enough");
            } else {
                wire.connection.fail(id, 10, "no");
                assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasMessageContaining("ABORTED: no");
            }
            assertThat(requests.isCancelled()).isTrue();
            requests.publish("b");
            requests.complete();
            wire.nothingWrittenAndAlive();
        }
    }

    @Test
    void answerMayComeBeforeTheRequestIsWhollyWritten() throws Exception {
        wire.close();
        wire = new ClientWire(builder -> builder.maxMessageSize((16 << 20) - 1).receiveBudget(32 << 20));
        String large = "x".repeat(12 << 20);
        for (MethodDescriptor<String, String> method : List.of(Texts.ECHO, Texts.SPLIT)) {
            TestCall call = wire.call(api, method, large);
            byte[] header = wire.connection.readBytes(10);
            wire.connection.answer(header[7], "early");
            assertThat(call.outcome()).hasToString("[early] OK");
            int length = (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | header[3] & 0xff;
            assertThat(wire.connection.readBytes(length)).endsWith((byte) 'x');
            wire.nothingWrittenAndAlive();
        }
    }

    @Test
    void cancelledCallSendsNothingAndLateFramesAreDropped() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            TestCall call = wire.call(api, method, "x");
            int id = wire.opened();
            call.cancel();
            assertThat(wire.end().code()).as(method.name()).isEqualTo(StatusCode.CANCELLED);
            wire.nothingWrittenAndAlive();
            wire.connection.data(id, "late").answer(id, "late").end(id);
            wire.nothingWrittenAndAlive();
            awaitQuickly(() -> wire.channel.liveCalls() == 0);
        }
    }

    /** RC|ND would tell the server that all had come. */
    @Test
    void cancelledUploadIsNotClosed() throws Exception {
        for (MethodDescriptor<String, String> method : INPUTS) {
            TestCall call = wire.call(api, method, "");
            int id = wire.opened();
            call.write("a");
            assertThat(wire.next()).isEqualTo(id + " DATA 0 61");
            call.cancel();
            assertThat(wire.end().code()).isEqualTo(StatusCode.CANCELLED);
            wire.nothingWrittenAndAlive();
        }
    }

    @Test
    void failedPublisherOfRequestsCancelsItsCallAndSendsNothing() throws Exception {
        CompletableFuture<String> answer = wire.channel.clientStreamingAsync(
                Texts.JOIN,
                subscriber -> subscriber.onError(new IllegalStateException("dried up")),
                CallOptions.DEFAULT);
        wire.opened();
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("CANCELLED")
                .hasMessageContaining("dried up");
        wire.nothingWrittenAndAlive();
    }

    @Test
    void interruptedCallerCancelsItsCallAndKeepsTheFlag() throws Exception {
        for (MethodDescriptor<String, String> method : METHODS) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                try {
                    blockIn(method, begun);
                } catch (RuntimeException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                    thrown.complete(e);
                }
            });
            caller.start();
            wire.opened();
            begun.await();
            if (method.type().clientStreams() && method == Texts.JOIN) {
                assertThat(wire.next()).endsWith("DATA 5"); // it waits for the answer
            }
            caller.interrupt();
            assertThat(thrown.get(10, TimeUnit.SECONDS)).hasMessageStartingWith("CANCELLED: interrupted");
            assertThat(flag.join()).isTrue();
            caller.join();
            wire.nothingWrittenAndAlive();
            awaitQuickly(() -> wire.channel.liveCalls() == 0);
        }
    }

    private void blockIn(MethodDescriptor<String, String> method, CountDownLatch begun) {
        switch (method.type()) {
            case UNARY -> {
                begun.countDown();
                wire.channel.unary(method, "x", CallOptions.DEFAULT);
            }
            case SERVER_STREAMING -> {
                MessageReader<String> reader = wire.channel.serverStreaming(method, "x", CallOptions.DEFAULT);
                begun.countDown();
                reader.read();
            }
            case CLIENT_STREAMING -> {
                UploadCall<String, String> call = wire.channel.clientStreaming(method, CallOptions.DEFAULT);
                begun.countDown();
                call.finish();
            }
            case BIDI_STREAMING -> {
                DuplexCall<String, String> call = wire.channel.bidiStreaming(method, CallOptions.DEFAULT);
                begun.countDown();
                call.read();
            }
        }
    }

    @Test
    void endOfInputOnCancelIsForBidirectionalCallsOnly() throws Exception {
        CallOptions options = CallOptions.DEFAULT.withEndInputOnCancel(true);
        for (MethodDescriptor<String, String> method : METHODS) {
            TestCall call = wire.call(api, method, "x", options);
            int id = wire.opened();
            call.cancel();
            assertThat(wire.end().code()).isEqualTo(StatusCode.CANCELLED);
            if (method == Texts.CHAT) {
                assertThat(wire.next()).isEqualTo(id + " DATA 5");
            }
            wire.nothingWrittenAndAlive();
        }
    }

    @Test
    void endOfInputOnCancelIsNeitherSentTwiceNorAfterTheTerminalFrameNorAtADeadline() throws Exception {
        CallOptions options = CallOptions.DEFAULT.withEndInputOnCancel(true);
        TestCall finished = wire.call(api, Texts.CHAT, "", options);
        int id = wire.opened();
        finished.finish();
        assertThat(wire.next()).isEqualTo(id + " DATA 5");
        finished.cancel();
        assertThat(wire.end().code()).isEqualTo(StatusCode.CANCELLED);
        wire.nothingWrittenAndAlive();

        TestCall ended = wire.call(api, Texts.CHAT, "", options);
        wire.connection.end(wire.opened());
        wire.awaitEnd(ended);
        ended.cancel();
        wire.nothingWrittenAndAlive();

        TestCall late = BeforeDeadline.reach(Duration.ofMillis(100), this::reconnect, soon -> {
            TestCall call = wire.call(api, Texts.CHAT, "", soon.withEndInputOnCancel(true));
            wire.opened();
            return call;
        });
        assertThat(late.outcome()).hasToString("[] DEADLINE_EXCEEDED: context deadline exceeded");
        wire.nothingWrittenAndAlive();
    }

    @Test
    void deadlineDiscardsWhatWasNotTaken() throws Exception {
        MessageReader<String> reader = BeforeDeadline.reach(Duration.ofMillis(100), this::reconnect, options -> {
            MessageReader<String> begun = wire.channel.serverStreaming(Texts.SPLIT, "x", options);
            wire.connection.data(wire.opened(), "a");
            wire.nothingWrittenAndAlive(); // so it has come
            return begun;
        });
        awaitQuickly(() -> wire.channel.liveCalls() == 0);
        assertThatThrownBy(reader::read).hasMessageContaining("DEADLINE_EXCEEDED");
        wire.nothingWrittenAndAlive();
    }

    @Test
    void deadlineCoversConnecting() throws Exception {
        try (RawServer unreachable = RawServer.unreachable();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(unreachable.address()).build()) {
            for (MethodDescriptor<String, String> method : METHODS) {
                TestCall call;
                try {
                    call = api.start(channel, method, "x", CallOptions.deadline(Duration.ofMillis(50)));
                } catch (TtrpcException atOnce) {
                    assertThat(atOnce.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
                    continue;
                }
                assertThat(call.outcome()).hasToString("[] DEADLINE_EXCEEDED: context deadline exceeded");
            }
        }
    }

    /** The server reads nothing, and another call's Request holds all output. */
    @Test
    void deadlineCoversQueueing() throws Exception {
        TestCall first = wire.call(ClientApi.ASYNC, Texts.CHAT, "");
        wire.opened();
        for (int i = 0; i < 4; i++) {
            first.write("x".repeat(4 << 20));
        }
        for (MethodDescriptor<String, String> method : METHODS) {
            assertThat(failureOf(method, CallOptions.deadline(Duration.ofMillis(50)))
                            .status()
                            .code())
                    .as(method.name())
                    .isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        }
        first.cancel();
    }

    @Test
    void readingAfterTheEndGivesTheEndAgain() throws Exception {
        for (MethodDescriptor<String, String> method : STREAMS) {
            MessageReader<String> good = reader(method);
            wire.connection.data(wire.opened(), "a").end(wire.lastId());
            assertThat(good.read()).isEqualTo("a");
            assertThat(good.read()).isNull();
            assertThat(good.read()).isNull();
            MessageReader<String> bad = reader(method);
            wire.connection.data(wire.opened(), "a").fail(wire.lastId(), 10, "no");
            assertThat(bad.read()).isEqualTo("a");
            assertThatThrownBy(bad::read).hasMessage("ABORTED: no");
            assertThatThrownBy(bad::read).hasMessage("ABORTED: no");
            MessageReader<String> unparsable = reader(method);
            int id = wire.opened();
            wire.connection.data(id, "a").data(id, "unparsable").data(id, "b").end(id);
            wire.nothingWrittenAndAlive(); // all of it has come
            assertThat(unparsable.read()).isEqualTo("a");
            assertThatThrownBy(unparsable::read).hasMessageContaining("not a text");
            assertThatThrownBy(unparsable::read).hasMessageContaining("not a text");
        }
    }

    private MessageReader<String> reader(MethodDescriptor<String, String> method) {
        return method == Texts.SPLIT
                ? wire.channel.serverStreaming(method, "x", CallOptions.DEFAULT)
                : wire.channel.bidiStreaming(method, CallOptions.DEFAULT);
    }

    @Test
    void writingAfterFinishingIsAMistakeOfTheCaller() throws Exception {
        UploadCall<String, String> upload = wire.channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        wire.connection.answer(wire.opened(), "a");
        assertThat(upload.finish()).isEqualTo("a");
        assertThatThrownBy(() -> upload.write("b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(upload::finish).isInstanceOf(IllegalStateException.class);
        DuplexCall<String, String> duplex = wire.channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        duplex.finish();
        duplex.finish();
        assertThatThrownBy(() -> duplex.write("b")).isInstanceOf(IllegalStateException.class);
        duplex.close();
    }

    private static void awaitQuickly(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    /** The failure of a call, also where its start throws it. */
    private TtrpcException failureOf(MethodDescriptor<String, String> method, CallOptions options) throws Exception {
        TestCall call;
        try {
            call = api.start(wire.channel, method, "x", options);
        } catch (TtrpcException atOnce) {
            return atOnce;
        }
        return call.outcome().exception();
    }
}
