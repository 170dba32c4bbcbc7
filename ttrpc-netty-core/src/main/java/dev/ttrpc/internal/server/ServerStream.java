package dev.ttrpc.internal.server;

import dev.ttrpc.Deadline;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.FrameWriter;
import dev.ttrpc.internal.connection.LargeFrames;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.connection.MessageSender;
import dev.ttrpc.internal.connection.StreamHalf;
import dev.ttrpc.internal.server.ServerCounters.Event;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.stream.StreamState;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call's half on a server: its state, its input, and its one terminal frame. State belongs to the connection's event loop; other threads enter by the connection's
 * queue.
 */
final class ServerStream<Q, P> implements StreamHalf {
    private final ServerConnection connection;
    private final int id;
    private final BoundMethod<Q, P> method;
    private final @Nullable Deadline deadline;
    private final @Nullable InboundQueue input;
    private final ServedCall<Q, P> call;
    private StreamState state;
    private @Nullable ScheduledFuture<?> timer;
    private volatile @Nullable Status ended; // written by the event loop, read by the handler's threads

    ServerStream(
            ServerConnection connection,
            int id,
            BoundMethod<Q, P> method,
            @Nullable Deadline deadline,
            dev.ttrpc.Metadata metadata) {
        this.connection = connection;
        this.id = id;
        this.method = method;
        this.deadline = deadline;
        boolean reads = method.descriptor().type().clientStreams();
        this.state = reads ? StreamState.OPEN : StreamState.REMOTE_CLOSED;
        this.input = reads ? new InboundQueue(connection.receiveBudget()) : null;
        if (input != null) {
            input.onStall(() -> fail(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "stream stalled: its messages were not taken for " + connection.stallTimeout()),
                    Event.CALL_STALLED));
        }
        this.call = new ServedCall<>(connection, this, metadata);
    }

    BoundMethod<Q, P> method() {
        return method;
    }

    ServedCall<Q, P> call() {
        return call;
    }

    @Nullable
    InboundQueue input() {
        return input;
    }

    /** Starts the clock of the deadline. Event loop. */
    void startTimer() {
        if (deadline != null) {
            timer = connection
                    .queue()
                    .loop()
                    .schedule(
                            () -> connection.queue().execute(() -> endWith(deadlineExceeded())),
                            Math.max(0, deadline.remainingNanos()),
                            TimeUnit.NANOSECONDS);
        }
    }

    static Status deadlineExceeded() {
        return Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
    }

    /** A Data frame of the client. Event loop. */
    void onData(int flags, ByteBuf buffer, int index, int length) {
        boolean closes = (flags & Wire.REMOTE_CLOSED) != 0;
        boolean noData = (flags & Wire.NO_DATA) != 0;
        if (input == null || !state.canReceive() || noData && !closes) {
            connection.dropped("Data that means nothing to its call", id);
            return;
        }
        if (!noData) {
            input.add(InboundMessage.of(buffer, index, length));
        }
        if (closes && state.canReceive()) { // a handler on the event loop may have ended the call upon the message
            endInput();
        }
    }

    /** Whether the handler runs and has taken all that came, with more to come. Event loop. */
    boolean waitsForInput() {
        return input != null && input.isEmpty() && input.end() == null && call.isBegun();
    }

    /** The client has sent all. Event loop. */
    void endInput() {
        state = state.closeRemote();
        if (input != null) {
            input.end(Status.OK);
        }
    }

    /** Ends the call well with its message. What a hook or the marshaller throws when asked for the size is the handler's failure. Any thread. */
    void answer(P response) {
        if (ended != null) {
            return;
        }
        call.sent(response);
        int payload = method.descriptor().responseMarshaller().size(response);
        long body = FrameEncoder.responseLength(payload);
        if (body > maxMessage()) {
            fail(Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(body, maxMessage())));
            return;
        }
        int frame = (int) body + Wire.HEADER_LENGTH;
        if (sendBudget().tryReserve(frame)) {
            handAnswer(response, payload, frame);
        } else {
            sendBudget().reserve(frame, () -> handAnswer(response, payload, frame));
        }
    }

    private void handAnswer(P response, int payload, int frame) {
        if (frame <= FrameWriter.ENCODED_ON_LOOP || ended != null) {
            queue().execute(() -> encodeAnswer(response, payload, frame));
            return;
        }
        ByteBuf encoded = LargeFrames.encode(
                this,
                frame,
                out -> FrameEncoder.writeResponse(
                        out, id, method.descriptor().responseMarshaller(), response, payload));
        if (encoded == null) {
            return;
        }
        queue().execute(() -> {
            if (ended == null) {
                connection.output().writer().write(encoded, frame);
                finish(Status.OK, false);
            } else {
                encoded.release();
                sendBudget().release(frame);
            }
        });
    }

    private void encodeAnswer(P response, int payload, int frame) {
        if (ended != null) {
            sendBudget().release(frame);
            return;
        }
        ByteBuf out = connection.output().writer().begin(frame);
        int start = out.writerIndex();
        try {
            FrameEncoder.writeResponse(out, id, method.descriptor().responseMarshaller(), response, payload);
        } catch (IOException | RuntimeException | Error e) {
            connection.output().writer().abort(start, frame);
            endWith(MessageSender.unencodable(e));
            return;
        }
        finish(Status.OK, false);
    }

    /** Ends a stream of messages well. Any thread. */
    void complete() {
        queue().offer(() -> {
            if (ended == null) {
                sendBudget().force(Wire.HEADER_LENGTH);
                FrameEncoder.writeClose(connection.output().writer().begin(Wire.HEADER_LENGTH), id);
                finish(Status.OK, false);
            }
        });
    }

    /** Ends the call badly because the handler did. Any thread. */
    void handlerFailed(Status status) {
        queue().offer(() -> {
            if (ended == null) {
                connection.output().writeError(id, status);
                finish(status, false);
            }
        });
    }

    /** Ends the call badly whatever its handler does. Any thread. */
    @Override
    public void fail(Status status) {
        queue().execute(() -> endWith(status));
    }

    /** Ends the call badly for a reason that the server counts. Any thread. */
    void fail(Status status, Event reason) {
        queue().execute(() -> endWith(status, reason));
    }

    /** Ends the call badly for a reason that the server counts. Event loop. */
    void endWith(Status status, Event reason) {
        if (ended == null) {
            connection.count(reason);
            endWith(status);
        }
    }

    @Override
    public void failNow(Status status) {
        endWith(status);
    }

    /** Ends the call badly whatever its handler does. Event loop. */
    void endWith(Status status) {
        if (ended == null) {
            connection.output().writeError(id, status);
            finish(status, true);
        }
    }

    /** The connection is gone, or is being closed: ends the call without a frame. Event loop. */
    void abandon(Status status) {
        if (ended == null) {
            finish(status, true);
        }
    }

    /** The one end of the call: its terminal frame was written, or never will be. */
    private void finish(Status status, boolean cancelled) {
        state = state.end();
        ended = status;
        if (timer != null) {
            timer.cancel(false);
        }
        connection.remove(this);
        if (input != null) {
            if (cancelled) {
                input.endNow(status);
            } else {
                input.endNow(Status.CANCELLED.withDescription("the call has ended"));
            }
        }
        call.ended(status, cancelled);
    }

    @Override
    public LoopQueue queue() {
        return connection.queue();
    }

    @Override
    public SendBudget sendBudget() {
        return connection.sendBudget();
    }

    @Override
    public int maxMessage() {
        return connection.config().maxMessage();
    }

    @Override
    public @Nullable Deadline deadline() {
        return deadline;
    }

    @Override
    public @Nullable Status ended() {
        return ended;
    }

    @Override
    public TtrpcException failure(Status status) {
        return new EndedCallException(status);
    }

    /** A handler is cancelled or late, whatever its client was told. */
    @Override
    public TtrpcException over(Status status) {
        return new EndedCallException(
                switch (status.code()) {
                    case CANCELLED, DEADLINE_EXCEEDED -> status;
                    case OK -> Status.CANCELLED.withDescription("the call has ended");
                    default ->
                        Status.CANCELLED
                                .withDescription("the call has ended: " + status)
                                .withCause(status.cause());
                });
    }

    @Override
    public int streamId() {
        return id;
    }

    @Override
    public @Nullable FrameWriter writerOrNull() {
        return ended == null && state.canSend() ? connection.output().writer() : null;
    }

    @Override
    public void sent(Object message) {
        call.sent(message);
    }

    @Override
    public void received(Object message) {
        call.received(message);
    }

    @Override
    public void readerClosed() {
        // a handler that reads no further goes on
    }
}
