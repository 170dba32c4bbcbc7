package dev.ttrpc.internal.client;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.internal.connection.BlockingReader;
import dev.ttrpc.internal.connection.CallerWait;
import dev.ttrpc.internal.connection.MessageSender;
import dev.ttrpc.internal.connection.Parsing;
import dev.ttrpc.internal.connection.Waits;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The blocking half of a channel: callers that wait on their own threads. */
final class BlockingCalls {
    private static final Status GIVEN_UP = Status.CANCELLED.withDescription("the caller gave the call up");

    private final NettyChannel channel;

    BlockingCalls(NettyChannel channel) {
        this.channel = channel;
    }

    <Q, P> P unary(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        Waits.checkMayWait();
        Objects.requireNonNull(request, "request");
        Answer<P> answer = new Answer<>(method);
        OutgoingCall<Q, P> call = new OutgoingCall<>(channel, method, options, started -> {
            ClientStream<Q, P> stream = started.open(request, null, answer);
            answer.call = started;
            answer.stream = stream;
            answer.wait.begin(); // for output first
            send(stream);
            answer.await();
        });
        boolean taken = false;
        try {
            call.run();
            throwIfRefused(call);
            taken = true;
        } finally {
            if (!taken) {
                answer.discard();
            }
        }
        return answer.take();
    }

    <Q, P> MessageReader<P> serverStreaming(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        Waits.checkMayWait();
        Objects.requireNonNull(request, "request");
        Streaming<Q, P> streaming = new Streaming<>(channel, method);
        OutgoingCall<Q, P> call = new OutgoingCall<>(channel, method, options, started -> {
            streaming.begin(started, request);
            streaming.wait.begin(); // for output first
            send(streaming.stream());
        });
        streaming.run(call);
        return streaming.reader();
    }

    <Q, P> UploadCall<Q, P> clientStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        Waits.checkMayWait();
        Answer<P> answer = new Answer<>(method);
        OutgoingCall<Q, P> call = new OutgoingCall<>(channel, method, options, started -> {
            ClientStream<Q, P> stream = started.open(null, null, answer);
            answer.call = started;
            answer.stream = stream;
            answer.wait.begin(); // for output first
            send(stream);
            answer.awaitOpen();
        });
        boolean begun = false;
        try {
            call.run();
            throwIfRefused(call);
            begun = true;
        } finally {
            if (!begun) {
                answer.discard();
            }
        }
        return new Upload<>(method, answer);
    }

    <Q, P> DuplexCall<Q, P> bidiStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        Waits.checkMayWait();
        Streaming<Q, P> streaming = new Streaming<>(channel, method);
        OutgoingCall<Q, P> call = new OutgoingCall<>(channel, method, options, started -> {
            streaming.begin(started, null);
            streaming.wait.begin(); // for output first
            send(streaming.stream());
            streaming.awaitOpen();
        });
        streaming.run(call);
        return new Duplex<>(streaming);
    }

    private static void throwIfRefused(OutgoingCall<?, ?> call) {
        CallEnd refused = call.endedWithout();
        if (refused != null) {
            throw refused.exception();
        }
    }

    /** Reserves output for the Request, waiting for it, and hands it over. */
    private static void send(ClientStream<?, ?> stream) {
        stream.followCause();
        int frame;
        try {
            frame = stream.requestFrame();
        } catch (TtrpcException e) {
            stream.fail(e.status());
            throw e;
        }
        MessageSender.reserveWaiting(stream, frame, null);
        stream.hand(frame);
    }

    /** Waits for the one message of an answer. Woken by the event loop. */
    private static final class Answer<P> implements ResponseListener {
        private final MethodDescriptor<?, P> method;
        private @Nullable OutgoingCall<?, P> call;
        private @Nullable ClientStream<?, P> stream;
        private final CallerWait wait = new CallerWait();
        private volatile boolean opened; // set by the event loop
        private volatile boolean abandoned; // set by the caller, seen by the event loop
        private volatile @Nullable Runnable writer; // wakes a writer that waits for output
        private @Nullable InboundMessage message; // written before the end, read behind it

        Answer(MethodDescriptor<?, P> method) {
            this.method = method;
        }

        @Override
        public void opened() {
            opened = true;
            wait.wake();
        }

        @Override
        public void answered(ByteBuf buffer, int index, int length) {
            message = InboundMessage.of(buffer, index, length);
        }

        @Override
        public void ended() {
            Status status = Objects.requireNonNull(stream().end()).status();
            if (!status.isOk()) {
                Objects.requireNonNull(call).fireEnd(status); // a good end is settled by whoever parses the message
            } else if (abandoned) {
                Objects.requireNonNull(call).fireEnd(GIVEN_UP);
            }
            wait.wake();
            Runnable wake = writer;
            if (wake != null) {
                wake.run();
            }
        }

        /** Waits for the end. */
        void await() {
            ClientStream<?, P> awaited = stream();
            wait.until(awaited, () -> awaited.end() != null);
            CallEnd end = Objects.requireNonNull(awaited.end());
            if (!end.status().isOk()) {
                throw end.exception();
            }
        }

        /** Waits until messages may follow. An end, good or bad, is found by what comes next. */
        void awaitOpen() {
            ClientStream<?, P> awaited = stream();
            wait.until(awaited, () -> opened || awaited.end() != null);
            CallEnd end = awaited.end();
            if (end != null && !end.status().isOk()) {
                throw end.exception();
            }
        }

        /** Parses the message, and with that settles how the call ended. */
        P take() {
            OutgoingCall<?, P> ended = Objects.requireNonNull(call);
            InboundMessage received = message;
            if (received == null) { // an interceptor kept the failure to itself
                throw Objects.requireNonNull(stream().end()).exception();
            }
            message = null;
            P parsed;
            try {
                parsed = Parsing.take(received, method.responseMarshaller());
            } catch (TtrpcException e) {
                ended.fireEnd(e.status());
                throw e;
            }
            try {
                ended.received(parsed);
            } catch (RuntimeException | Error e) {
                ended.fireEnd(Status.UNKNOWN.withCause(e));
                throw e;
            }
            ended.fireEnd(Status.OK);
            return parsed;
        }

        /** The caller gives the call up: whatever ends it first is its end, a good one that nobody took excepted. */
        void abandon() {
            abandoned = true; // before the end is looked at, which is set before ended() looks at this
            ClientStream<?, P> begun = stream();
            CallEnd end = begun.end();
            if (end == null) {
                begun.cancel(GIVEN_UP.description());
            } else if (end.status().isOk()) {
                Objects.requireNonNull(call).fireEnd(GIVEN_UP);
            }
            discard();
        }

        /** Throws an answer away that nobody will take, also one that comes before the call is seen to be cancelled. */
        void discard() {
            ClientStream<?, P> begun = stream;
            if (begun == null) {
                return;
            }
            begun.queue().offer(() -> {
                InboundMessage unread = message;
                message = null;
                if (unread != null) {
                    unread.release();
                }
            });
        }

        ClientStream<?, P> stream() {
            return Objects.requireNonNull(stream);
        }
    }

    /** The reading half of a call whose answer is a stream. */
    private static final class Streaming<Q, P> implements ResponseListener {
        private final NettyChannel channel;
        private final MethodDescriptor<Q, P> method;
        private @Nullable OutgoingCall<Q, P> call;
        private @Nullable ClientStream<Q, P> stream;
        private @Nullable BlockingReader<P> reader;
        private final CallerWait wait = new CallerWait();
        private volatile boolean opened; // set by the event loop
        private volatile @Nullable Runnable writer; // wakes a writer that waits for output

        Streaming(NettyChannel channel, MethodDescriptor<Q, P> method) {
            this.channel = channel;
            this.method = method;
        }

        /** Begins the call. Where that fails nobody will read what has come. */
        void run(OutgoingCall<Q, P> started) {
            boolean begun = false;
            try {
                started.run();
                throwIfRefused(started);
                begun = true;
            } finally {
                if (!begun && reader != null) {
                    reader.close();
                }
            }
        }

        void begin(OutgoingCall<Q, P> started, @Nullable Q request) {
            InboundQueue input = new InboundQueue(channel.receiveBudget());
            call = started;
            ClientStream<Q, P> made = started.open(request, input, this);
            stream = made;
            reader = new BlockingReader<>(made, input, method.responseMarshaller());
        }

        void awaitOpen() {
            ClientStream<Q, P> awaited = stream();
            wait.until(awaited, () -> opened || awaited.end() != null);
            CallEnd end = awaited.end();
            if (end != null && end.lost() && !opened) { // else what has come is read before
                throw end.exception();
            }
        }

        @Override
        public void opened() {
            opened = true;
            wait.wake();
        }

        @Override
        public void answered(ByteBuf buffer, int index, int length) {
            throw new IllegalStateException("a stream has no single answer");
        }

        @Override
        public void ended() {
            wait.wake();
            Runnable wake = writer;
            if (wake != null) {
                wake.run();
            }
            Objects.requireNonNull(call)
                    .fireEnd(Objects.requireNonNull(stream().end()).status());
        }

        ClientStream<Q, P> stream() {
            return Objects.requireNonNull(stream);
        }

        BlockingReader<P> reader() {
            return Objects.requireNonNull(reader);
        }
    }

    private static final class Upload<Q, P> implements UploadCall<Q, P> {
        private final Answer<P> answer;
        private final MessageSender<Q> sender;
        private boolean finished;

        Upload(MethodDescriptor<Q, P> method, Answer<P> answer) {
            this.answer = answer;
            this.sender = new MessageSender<>(answer.stream(), method.requestMarshaller());
            answer.writer = sender::wake;
        }

        @Override
        public void write(Q message) {
            Objects.requireNonNull(message, "message");
            if (finished) {
                throw new IllegalStateException("the upload is finished");
            }
            sender.send(message);
        }

        @Override
        public boolean isEnded() {
            return answer.stream().end() != null;
        }

        @Override
        public P finish() {
            if (finished) {
                throw new IllegalStateException("the upload is finished");
            }
            Waits.checkMayWait(); // one that may not is not finished, and can be closed
            finished = true;
            answer.stream().finishSending();
            try {
                answer.await();
            } catch (TtrpcException e) {
                Objects.requireNonNull(answer.call).fireEnd(e.status());
                answer.discard();
                throw e;
            }
            return answer.take();
        }

        @Override
        public void close() {
            if (finished) {
                return;
            }
            finished = true;
            answer.abandon();
        }
    }

    private static final class Duplex<Q, P> implements DuplexCall<Q, P> {
        private final Streaming<Q, P> streaming;
        private final MessageSender<Q> sender;
        private volatile boolean finished; // set by the writer, seen by whoever asks

        Duplex(Streaming<Q, P> streaming) {
            this.streaming = streaming;
            this.sender = new MessageSender<>(streaming.stream(), streaming.method.requestMarshaller());
            streaming.writer = sender::wake;
        }

        @Override
        public void write(Q message) {
            Objects.requireNonNull(message, "message");
            if (finished) {
                throw new IllegalStateException("this side of the call is finished");
            }
            sender.send(message);
        }

        @Override
        public void finish() {
            if (!finished) {
                finished = true;
                streaming.stream().finishSending();
            }
        }

        @Override
        public @Nullable P read() {
            return streaming.reader().read();
        }

        @Override
        public void close() {
            streaming.reader().close();
        }
    }
}
