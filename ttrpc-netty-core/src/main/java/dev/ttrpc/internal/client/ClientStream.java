package dev.ttrpc.internal.client;

import dev.ttrpc.CallContext;
import dev.ttrpc.ConnectionLostException;
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
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call's half on a client, over all its attempts: its state, and its end. State belongs to the channel's event loop; other threads enter by the channel's queue.
 *
 * <p>An attempt ends by {@link #attemptFailed}, which may begin another one, or with the call by {@link #end}.
 */
final class ClientStream<Q, P> implements StreamHalf {
    private static final String PROTOCOL_ERROR = " message received: protocol error";

    private final NettyChannel channel;
    private final OutgoingCall<Q, P> call;
    private final OutgoingRequest<Q> request;
    private final Attempts attempts;
    private final @Nullable Deadline deadline;
    private final @Nullable InboundQueue input;
    private final ResponseListener listener;
    private final List<Runnable> deferred = new ArrayList<>(0); // messages between two attempts
    private @Nullable ClientConnection connection;
    private int id;
    private StreamState state = StreamState.OPEN;
    private boolean opened;
    private boolean allSent; // says the caller
    private volatile SendBudget.@Nullable Waiter output; // of a Request; set by callers that do not wait, too
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable ScheduledFuture<?> backoff;
    private volatile boolean messageTaken; // set by the caller's thread, read by the event loop
    private volatile @Nullable CallEnd end; // written by the event loop, read by the caller's threads

    ClientStream(
            NettyChannel channel,
            OutgoingCall<Q, P> call,
            OutgoingRequest<Q> request,
            @Nullable Deadline deadline,
            @Nullable InboundQueue input,
            ResponseListener listener) {
        this.channel = channel;
        this.call = call;
        this.request = request;
        this.attempts = new Attempts(call.method().type(), call.retryPolicy(), call.isIdempotent());
        this.deadline = deadline;
        this.input = input;
        this.listener = listener;
        if (input != null) {
            input.onStall(() -> stalled(input));
        }
    }

    /** What is held by a stream that has ended is lost with it. */
    private void stalled(InboundQueue stalled) {
        channel.counters().stalledCalls.incrementAndGet();
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

    /** Whether a failed attempt to connect leaves the call waiting for the next one. */
    boolean waitsForReady() {
        return call.waitsForReady();
    }

    /** Whether this is a further attempt by the policy of retries, which waits for the channel's own back-off too. */
    boolean isRetry() {
        return attempts.isRetry();
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
        return request.frameSize();
    }

    /** Hands the Request to the event loop when there is output for {@code frame} bytes of it. Any thread. */
    void handWhenGranted(int frame) {
        if (sendBudget().tryReserve(frame)) {
            hand(frame);
            return;
        }
        SendBudget.Waiter mine = sendBudget().waiter(frame, () -> hand(frame));
        output = mine; // before the end of the call is looked at, which is set before giveUp() looks at this
        queue().execute(this::keepDeadlineUnlessEnded);
        if (end == null) {
            mine.join(); // on this thread, whose next call would overtake this one otherwise
        }
    }

    private void keepDeadlineUnlessEnded() {
        if (end == null) {
            keepDeadline();
        }
    }

    /** Hands the Request to the event loop. {@code frame} bytes were reserved for it. Any thread. */
    void hand(int frame) {
        ByteBuf whole;
        try {
            whole = request.encode(frame);
        } catch (IOException | RuntimeException | Error e) {
            sendBudget().release(frame);
            fail(MessageSender.unencodable(e));
            return;
        }
        try {
            queue().execute(() -> begin(whole, frame));
        } catch (ConnectionLostException e) {
            if (whole != null) {
                whole.release();
            }
            sendBudget().release(frame);
            throw e;
        }
    }

    /** Begins an attempt. */
    private void begin(@Nullable ByteBuf whole, int frame) {
        request.take(whole, frame);
        if (end != null) {
            request.giveUp();
        } else if (keepDeadline()) {
            call.attempted(attempts.begin());
            channel.connector().open(this);
        }
    }

    /** Has the deadline end the call, also at once; returns whether there is time left. */
    private boolean keepDeadline() {
        if (deadline == null || timer != null) {
            return true;
        }
        long left = deadline.remainingNanos();
        if (left <= 0) {
            end(CallEnd.byLibrary(deadlineExceeded()), true);
            return false;
        }
        timer = queue().loop()
                .schedule(
                        () -> queue().execute(() -> end(CallEnd.byLibrary(deadlineExceeded()), true)),
                        left,
                        TimeUnit.NANOSECONDS);
        return true;
    }

    static Status deadlineExceeded() {
        return Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
    }

    /** Writes the Request: id and first write are this one step, so ids rise on the wire. Event loop. */
    void open(ClientConnection connection, int id) {
        this.connection = connection;
        this.id = id;
        try {
            request.write(connection.writer(), id);
        } catch (IOException | RuntimeException | Error e) {
            end(CallEnd.byLibrary(MessageSender.unencodable(e)), true);
            return;
        }
        attempts.requestSent();
        if (!method().type().clientStreams()) {
            state = state.closeLocal();
        }
        if (!opened) {
            opened = true;
            listener.opened();
        }
        writeDeferred();
    }

    // Further attempts; event loop

    /** This attempt has failed: begins another one where that is allowed, else ends the call. */
    void attemptFailed(CallEnd how) {
        if (end != null) {
            return;
        }
        if (Attempts.isRefusedByDraining(how) && attempts.resend(messageTaken)) {
            channel.counters().resentCalls.incrementAndGet();
            leaveConnection();
            sendAgain();
            return;
        }
        long delay = attempts.delayNanos(how, ThreadLocalRandom.current().nextDouble());
        if (delay < 0 || (deadline != null && deadline.remainingNanos() <= delay)) {
            end(how, false);
            return;
        }
        leaveConnection();
        retryAfter(delay, how);
    }

    private void leaveConnection() {
        ClientConnection left = connection;
        connection = null;
        state = StreamState.OPEN;
        request.giveUp();
        if (left != null) {
            left.forget(this);
        }
    }

    private void retryAfter(long delay, CallEnd failure) {
        channel.connector().keep(this);
        try {
            backoff = queue().loop().schedule(() -> queue().execute(this::retry), delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            end(failure, false);
            return;
        }
        backoff.addListener(done -> {
            if (done.isCancelled()) {
                end(failure, false); // by the event loop, which ends; after the end of the call this does nothing
            }
        });
    }

    private void retry() {
        if (end == null) {
            channel.connector().letGo(this);
            channel.counters().retries.incrementAndGet();
            attempts.beginRetry();
            sendAgain();
        }
    }

    /**
     * Begins another attempt. The event loop encodes it, whatever its size: there is no thread of the caller left to do it, and to wait for one of an executor would hold
     * the output reserved meanwhile. It is one message, at most of the limit, for each attempt that the policy allows and one resent call; with what waits for output, one
     * write that has ended has it encode no more than the send budget or one larger message, as {@link dev.ttrpc.internal.connection.LargeFrames} says.
     */
    private void sendAgain() {
        int frame = request.frameSize();
        if (request.hasMessage()) {
            output = sendBudget().reserve(frame, () -> queue().execute(() -> begin(null, frame)));
        } else {
            sendBudget().force(frame); // the messages that wait behind it may hold all output
            begin(null, frame);
        }
    }

    /** Whether output is reserved for the Request. */
    boolean hasOutput() {
        return request.hasOutput();
    }

    /** There is no connection, and nobody knows when there will be one: others, who do not wait for it, need the output until then. */
    void giveOutputBack() {
        request.giveUp();
    }

    /** There is a connection for a call that has {@linkplain #giveOutputBack given} its output back. */
    void reserveAgain() {
        int frame = request.frameSize();
        if (!request.hasMessage()) {
            sendBudget().force(frame); // the messages that wait behind it may hold all output
            request.take(null, frame);
            channel.connector().open(this);
            return;
        }
        output = sendBudget()
                .reserve(
                        frame,
                        () -> queue().execute(() -> {
                            request.take(null, frame);
                            if (end != null) {
                                request.giveUp();
                            } else {
                                channel.connector().open(this);
                            }
                        }));
    }

    /** What came from the caller between two attempts. */
    private void writeDeferred() {
        List<Runnable> writes = List.copyOf(deferred);
        deferred.clear();
        writes.forEach(Runnable::run);
        if (allSent) {
            writeClose();
        }
    }

    @Override
    public boolean defer(Runnable write) {
        if (connection != null || end != null) {
            return false;
        }
        deferred.add(write);
        return true;
    }

    /** Says that all is sent. Any thread. */
    void finishSending() {
        queue().offer(this::writeClose);
    }

    private void writeClose() {
        allSent = true; // also where another attempt has to say it
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
            CallEnd failure = CallEnd.byPeer(status);
            if (Attempts.isRefusedByDraining(failure)) {
                Objects.requireNonNull(connection).retire();
            }
            attemptFailed(failure);
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
        attempts.answerBegan();
        boolean closes = (flags & Wire.REMOTE_CLOSED) != 0;
        boolean noData = (flags & Wire.NO_DATA) != 0;
        if (!closes || !noData) { // without the close, Go's client does not look at the other flag
            input.add(InboundMessage.of(buffer, index, length));
        }
        if (closes) {
            end(CallEnd.OK, false);
        }
    }

    void onUnexpected(int type) {
        failProtocol("unexpected \"" + (type == Wire.REQUEST ? "request" : "unknown") + "\"" + PROTOCOL_ERROR);
    }

    void failProtocol(String text) {
        channel.counters().protocolErrors.incrementAndGet();
        end(CallEnd.byLibrary(Status.INTERNAL.withDescription(text)), false);
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
        if (discard
                && call.endsInputOnCancel()
                && how.status().code() != StatusCode.DEADLINE_EXCEEDED
                && method().type().clientStreams()
                && method().type().serverStreams()) {
            writeClose();
        }
        state = state.end();
        end = attempts.wasSent() ? how.afterSending() : how;
        giveUp();
        if (input != null) {
            if (discard) {
                input.endNow(how.status());
            } else {
                input.end(how.status());
            }
        }
        listener.ended();
    }

    /** Leaves everything that knows the call or waits for it. */
    private void giveUp() {
        cancel(timer);
        cancel(backoff);
        SendBudget.Waiter waiter = output;
        if (waiter != null) {
            waiter.cancel(); // or it was granted, and what comes of that finds the end
        }
        request.giveUp();
        if (connection != null) {
            connection.forget(this);
        }
        channel.connector().letGo(this);
        writeDeferred(); // which releases what was reserved for it
    }

    private static void cancel(@Nullable ScheduledFuture<?> scheduled) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
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
        queue().execute(() -> failNow(status));
    }

    @Override
    public void failNow(Status status) {
        end(CallEnd.byLibrary(status), true);
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
        if (!messageTaken) {
            messageTaken = true;
        }
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
