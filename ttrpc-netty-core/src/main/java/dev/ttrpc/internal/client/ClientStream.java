package dev.ttrpc.internal.client;

import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.FrameWriter;
import dev.ttrpc.internal.connection.Listeners;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.connection.MessageSender;
import dev.ttrpc.internal.connection.StreamHalf;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.stream.StreamState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call's half on a client: its Request until that is written, its state, and its end. State belongs to the channel's event loop; other threads enter by the channel's
 * queue.
 */
final class ClientStream<Q, P> implements StreamHalf {
    /** The text by which a server that drains refuses a call it has not run. */
    static final String DRAINING = "server is shutting down";

    private static final String PROTOCOL_ERROR = " message received: protocol error";

    private final NettyChannel channel;
    private final OutgoingCall<Q, P> call;
    private final FrameEncoder.RequestParts<Q> parts;
    private final @Nullable Deadline deadline;
    private final @Nullable InboundQueue input;
    private final ResponseListener listener;
    private @Nullable ClientConnection connection;
    private @Nullable ByteBuf encoded; // of a large request, by its caller, until it is written
    private int reserved; // for the Request, until it is written or given up
    private int id;
    private StreamState state = StreamState.OPEN;
    private @Nullable ScheduledFuture<?> timer;
    private boolean resent; // or too late for that
    private volatile @Nullable CallEnd end; // written by the event loop, read by the caller's threads

    ClientStream(
            NettyChannel channel,
            OutgoingCall<Q, P> call,
            FrameEncoder.RequestParts<Q> parts,
            @Nullable Deadline deadline,
            @Nullable InboundQueue input,
            ResponseListener listener) {
        this.channel = channel;
        this.call = call;
        this.parts = parts;
        this.deadline = deadline;
        this.input = input;
        this.listener = listener;
        if (input != null) {
            input.onStall(() -> stalled(input));
        }
    }

    /** What is held by a stream that has ended is lost with it. */
    private void stalled(InboundQueue stalled) {
        Status status = Status.RESOURCE_EXHAUSTED.withDescription("stream stalled: its messages were not taken for "
                + channel.config().stallTimeout().toMillis() + " ms");
        if (end == null) {
            end(CallEnd.byLibrary(status), true);
        } else {
            stalled.endNow(status);
        }
    }

    private MethodDescriptor<Q, P> method() {
        return call.method();
    }

    boolean waitsForReady() {
        return call.waitsForReady();
    }

    /** How the call ended, or null while it has not. Any thread. */
    @Nullable
    CallEnd end() {
        return end;
    }

    // Sending the Request

    /**
     * The size of the Request as a frame, for its reservation.
     *
     * @throws TtrpcException RESOURCE_EXHAUSTED where it is over the limit
     */
    int requestFrame() {
        long body = FrameEncoder.requestLength(
                parts.head().length, parts.payloadSize(), timeoutNano(), parts.metadata().length);
        if (body > maxMessage()) {
            throw new TtrpcException(
                    Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(body, maxMessage())),
                    TtrpcException.Origin.LIBRARY,
                    null);
        }
        return Wire.HEADER_LENGTH + (int) body;
    }

    /** Hands the Request to the event loop. {@code frame} bytes were reserved for it. The caller's thread. */
    void hand(int frame) {
        ByteBuf whole = null;
        if (frame > FrameWriter.ENCODED_ON_LOOP) {
            ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(frame, frame);
            try {
                FrameEncoder.writeRequest(out, 0, flags(), parts, timeoutNano());
            } catch (IOException | RuntimeException | Error e) {
                out.release();
                sendBudget().release(frame);
                fail(MessageSender.unencodable(e));
                return;
            }
            whole = out;
        }
        ByteBuf request = whole;
        queue().execute(() -> begin(request, frame));
    }

    private void begin(@Nullable ByteBuf request, int frame) {
        encoded = request;
        reserved = frame;
        if (end != null) {
            giveUpRequest();
            return;
        }
        if (deadline != null) {
            long left = deadline.remainingNanos();
            if (left <= 0) {
                end(CallEnd.byLibrary(deadlineExceeded()), true);
                return;
            }
            timer = queue().loop()
                    .schedule(
                            () -> queue().execute(() -> end(CallEnd.byLibrary(deadlineExceeded()), true)),
                            left,
                            TimeUnit.NANOSECONDS);
        }
        channel.connector().open(this);
    }

    static Status deadlineExceeded() {
        return Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
    }

    /** Writes the Request: id and first write are this one step, so ids rise on the wire. Event loop. */
    void open(ClientConnection connection, int id) {
        this.connection = connection;
        this.id = id;
        int frame = reserved;
        ByteBuf whole = encoded;
        reserved = 0;
        encoded = null;
        if (whole != null) {
            whole.setInt(4, id);
            connection.writer().write(whole, frame);
        } else {
            ByteBuf out = connection.writer().begin(frame);
            int start = out.writerIndex();
            try {
                FrameEncoder.writeRequest(out, id, flags(), parts, timeoutNano());
            } catch (IOException | RuntimeException | Error e) {
                connection.writer().abort(start, frame);
                end(CallEnd.byLibrary(MessageSender.unencodable(e)), true);
                return;
            }
        }
        if (!method().type().clientStreams()) {
            state = state.closeLocal();
        }
        listener.opened();
    }

    private int flags() {
        return switch (method().type()) {
            case UNARY -> 0;
            case SERVER_STREAMING -> Wire.REMOTE_CLOSED;
            case CLIENT_STREAMING, BIDI_STREAMING -> Wire.REMOTE_OPEN | Wire.NO_DATA;
        };
    }

    /** Never 0 or less where there is a deadline, and never longer on the wire than it was before. */
    private long timeoutNano() {
        return deadline == null ? 0 : Math.max(1, deadline.remainingNanos());
    }

    private void giveUpRequest() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
        if (reserved > 0) {
            sendBudget().release(reserved);
            reserved = 0;
        }
    }

    /** Says that all is sent. Any thread. */
    void finishSending() {
        queue().offer(this::writeClose);
    }

    private void writeClose() {
        ClientConnection open = connection;
        if (open != null && end == null && state.canSend()) {
            state = state.closeLocal();
            sendBudget().force(Wire.HEADER_LENGTH);
            FrameEncoder.writeClose(open.writer().begin(Wire.HEADER_LENGTH), id);
        }
    }

    // What the server says; event loop

    void onResponse(Status status, ByteBuf buffer, int index, int length) {
        if (!status.isOk()) {
            if (status.code() == StatusCode.UNAVAILABLE && DRAINING.equals(status.description())) {
                Objects.requireNonNull(connection).retire();
                if (sendAgain()) {
                    return;
                }
            }
            end(CallEnd.byPeer(status), false);
            return;
        }
        if (input == null) {
            listener.answered(buffer, index, length);
        } else if (length > 0) {
            input.add(InboundMessage.of(buffer, index, length));
        }
        end(CallEnd.OK, false);
    }

    void onData(int flags, ByteBuf buffer, int index, int length) {
        if (input == null) {
            failProtocol(
                    method().type().clientStreams()
                            ? "received data from non-streaming server: protocol error"
                            : "unexpected \"data\"" + PROTOCOL_ERROR);
            return;
        }
        resent = true; // the server has run it
        boolean closes = (flags & Wire.REMOTE_CLOSED) != 0;
        boolean noData = (flags & Wire.NO_DATA) != 0;
        if (!noData) {
            input.add(InboundMessage.of(buffer, index, length));
        } else if (!closes) {
            input.add(InboundMessage.of(buffer, index, 0)); // as Go's client has it
        }
        if (closes) {
            end(CallEnd.OK, false);
        }
    }

    void onUnexpected(int type) {
        failProtocol("unexpected \"" + (type == Wire.REQUEST ? "request" : "unknown") + "\"" + PROTOCOL_ERROR);
    }

    void failProtocol(String text) {
        end(CallEnd.byLibrary(Status.INTERNAL.withDescription(text)), false);
    }

    /** The server has not run this call because it drains: sends it once more, on a new connection. */
    private boolean sendAgain() {
        if (resent || method().type().clientStreams()) {
            return false;
        }
        resent = true;
        Objects.requireNonNull(connection).forget(this);
        connection = null;
        state = StreamState.OPEN;
        int frame = requestFrame();
        sendBudget()
                .reserve(
                        frame,
                        () -> queue().execute(() -> {
                            reserved = frame;
                            if (end != null) {
                                giveUpRequest();
                            } else {
                                channel.connector().open(this);
                            }
                        }));
        return true;
    }

    // The end

    /**
     * Ends the call. Event loop.
     *
     * @param discard whether what was received and not taken is thrown away
     */
    void end(CallEnd how, boolean discard) {
        if (end != null) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        if (discard
                && call.endsInputOnCancel()
                && how.status().code() != StatusCode.DEADLINE_EXCEEDED
                && method().type().clientStreams()
                && method().type().serverStreams()) {
            writeClose();
        }
        state = state.end();
        giveUpRequest();
        if (connection != null) {
            connection.forget(this);
        }
        channel.ended(this);
        end = how;
        if (input != null) {
            if (discard) {
                input.endNow(how.status());
            } else {
                input.end(how.status());
            }
        }
        listener.ended();
    }

    /** Ends with the call being served on whose behalf this one is made, if any. The caller's thread, once everything about the call is set. */
    void followCause() {
        CallContext cause = call.cause();
        if (cause != null) {
            cause.onCancel(new Follower(this));
        }
    }

    /** Lapses with its call, so that a served call that makes many does not remember them all. */
    private record Follower(ClientStream<?, ?> stream) implements Consumer<Status>, Listeners.Lapsing {
        @Override
        public void accept(Status status) {
            stream.cancel("the call being served was cancelled: " + status);
        }

        @Override
        public boolean hasLapsed() {
            return stream.end != null;
        }
    }

    /** Gives the call up on behalf of the caller. Any thread. */
    void cancel(String reason) {
        fail(Status.CANCELLED.withDescription(reason));
    }

    @Override
    public void fail(Status status) {
        queue().execute(() -> end(CallEnd.byLibrary(status), true));
    }

    void endByUser(Status status) {
        queue().execute(() -> end(CallEnd.byUser(status), true));
    }

    // What readers and writers need

    @Override
    public LoopQueue queue() {
        return channel.queue();
    }

    @Override
    public SendBudget sendBudget() {
        return channel.sendBudget();
    }

    @Override
    public int maxMessage() {
        return channel.config().maxMessage();
    }

    @Override
    public @Nullable Deadline deadline() {
        return deadline;
    }

    @Override
    public @Nullable Status ended() {
        CallEnd now = end;
        return now == null ? null : now.status();
    }

    @Override
    public TtrpcException failure(Status status) {
        CallEnd now = end;
        return now != null && !status.isOk() && now.status().equals(status)
                ? now.exception()
                : CallEnd.byLibrary(status.isOk() ? Status.CANCELLED.withDescription("the call has ended") : status)
                        .exception();
    }

    @Override
    public int streamId() {
        return id;
    }

    @Override
    public @Nullable FrameWriter writerOrNull() {
        ClientConnection open = connection;
        return open != null && end == null && state.canSend() ? open.writer() : null;
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
        if (end == null) {
            cancel("the caller gave the call up");
        }
    }
}
