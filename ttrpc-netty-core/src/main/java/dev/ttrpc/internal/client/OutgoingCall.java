package dev.ttrpc.internal.client;

import dev.ttrpc.Attributes;
import dev.ttrpc.CallContext;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Deadline;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ClientCall;
import dev.ttrpc.client.RetryPolicy;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.connection.Listeners;
import dev.ttrpc.internal.stream.InboundQueue;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call as its caller and interceptors see it. What a kind of call does when the chain has come to its end is {@link Start}'s. */
final class OutgoingCall<Q, P> implements ClientCall {
    private final NettyChannel channel;
    private final MethodDescriptor<Q, P> method;
    private final CallOptions options;
    private final Start<Q, P> start;
    private final Listeners<Status> endListeners = new Listeners<>();
    private Metadata metadata;
    private @Nullable Deadline deadline;
    private @Nullable Attributes attributes;
    private @Nullable Consumer<Object> sentHook;
    private @Nullable Consumer<Object> receivedHook;
    private volatile @Nullable ClientStream<Q, P> stream; // set by the caller's thread, read by any
    private volatile int attempts; // written by the event loop, read by any thread
    private volatile @Nullable CallEnd endedWithout; // the end of a call that an interceptor ended before it began

    /** Begins a call that its interceptors let through. */
    @FunctionalInterface
    interface Start<Q, P> {
        void start(OutgoingCall<Q, P> call);
    }

    OutgoingCall(NettyChannel channel, MethodDescriptor<Q, P> method, CallOptions options, Start<Q, P> start) {
        this.channel = channel;
        this.method = method;
        this.options = options;
        this.start = start;
        ClientConfig config = channel.config();
        this.metadata = config.metadata().plus(options.metadata());
        Deadline own = options.deadlineFromNow();
        endListeners.add(status -> channel.callEnded());
        this.deadline = config.deadline() == null ? own : Deadline.earlier(own, Deadline.after(config.deadline()));
    }

    /** Goes through the interceptors. Throws what they throw, the call ended then. */
    void run() {
        channel.callBegan();
        try {
            channel.chain().proceed(this);
            if (stream == null && endedWithout == null) {
                throw new IllegalStateException("an interceptor neither proceeded nor ended the call of " + method);
            }
        } catch (RuntimeException | Error e) {
            ClientStream<Q, P> begun = stream;
            if (begun != null && !(e instanceof ConnectionLostException)) {
                begun.cancel("an interceptor failed");
            }
            fireEnd(e instanceof TtrpcException failure ? failure.status() : Status.UNKNOWN.withCause(e));
            throw e;
        }
    }

    /** The innermost link of the chain. */
    void proceed() {
        if (stream != null) {
            throw new IllegalStateException("an interceptor proceeded twice");
        }
        if (endedWithout != null) {
            return;
        }
        if (channel.isDraining()) {
            end(CallEnd.lost("the channel to " + channel.address() + " is closed", true, null));
        } else {
            start.start(this);
        }
    }

    /** Makes the call's stream, with what the interceptors left of metadata and deadline. */
    ClientStream<Q, P> open(@Nullable Q request, @Nullable InboundQueue input, ResponseListener listener) {
        if (request != null) {
            sent(request);
        }
        int payload = request == null ? -1 : method.requestMarshaller().size(request);
        FrameEncoder.RequestParts<Q> parts = new FrameEncoder.RequestParts<>(
                channel.requestHead(method),
                metadata.isEmpty() ? NettyChannel.NO_BYTES : FrameEncoder.metadata(metadata),
                method.requestMarshaller(),
                request,
                payload);
        OutgoingRequest<Q> outgoing = new OutgoingRequest<>(
                parts,
                method.type(),
                deadline,
                channel.sendBudget(),
                channel.config().maxMessage());
        ClientStream<Q, P> made = new ClientStream<>(channel, this, outgoing, deadline, input, listener);
        stream = made;
        return made;
    }

    /** The call being served whose cancellation cancels this one, or null. */
    @Nullable
    CallContext cause() {
        return options.cancelWith();
    }

    /** How an interceptor ended the call before it began, or null. */
    @Nullable
    CallEnd endedWithout() {
        return endedWithout;
    }

    boolean waitsForReady() {
        Boolean own = options.waitForReady();
        return own == null ? channel.config().waitForReady() : own;
    }

    RetryPolicy retryPolicy() {
        RetryPolicy own = options.retry();
        return own == null ? channel.config().retry() : own;
    }

    boolean isIdempotent() {
        Boolean own = options.idempotent();
        return own == null ? method.isIdempotent() : own;
    }

    boolean endsInputOnCancel() {
        return options.endInputOnCancel();
    }

    /** Event loop. */
    void attempted(int soOften) {
        attempts = soOften;
    }

    void fireEnd(Status status) {
        endListeners.fire(status);
    }

    void sent(Object message) {
        if (sentHook != null) {
            sentHook.accept(message);
        }
    }

    void received(Object message) {
        if (receivedHook != null) {
            receivedHook.accept(message);
        }
    }

    @Override
    public MethodDescriptor<Q, P> method() {
        return method;
    }

    @Override
    public Metadata metadata() {
        return metadata;
    }

    @Override
    public @Nullable Deadline deadline() {
        return deadline;
    }

    @Override
    public String target() {
        return channel.address().toString();
    }

    @Override
    public void setMetadata(Metadata metadata) {
        checkNotBegun();
        this.metadata = Objects.requireNonNull(metadata, "metadata");
    }

    @Override
    public void setDeadline(@Nullable Deadline deadline) {
        checkNotBegun();
        this.deadline = deadline;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    private void checkNotBegun() {
        if (stream != null) {
            throw new IllegalStateException("the call has begun");
        }
    }

    @Override
    public synchronized Attributes attributes() {
        if (attributes == null) {
            attributes = new Attributes();
        }
        return attributes;
    }

    @Override
    public void onEnd(Consumer<? super Status> listener) {
        endListeners.add(listener);
    }

    @Override
    public void onSent(Consumer<Object> hook) {
        sentHook = sentHook == null ? hook : sentHook.andThen(hook);
    }

    @Override
    public void onReceived(Consumer<Object> hook) {
        receivedHook = receivedHook == null ? hook : receivedHook.andThen(hook);
    }

    @Override
    public void end(Status status) {
        if (status.isOk()) {
            throw new IllegalArgumentException("a call cannot be ended OK without its message");
        }
        ClientStream<Q, P> begun = stream;
        if (begun != null) {
            begun.endByUser(status);
        } else if (endedWithout == null) {
            end(CallEnd.byUser(status));
        }
    }

    private void end(CallEnd withoutBegin) {
        endedWithout = withoutBegin;
        fireEnd(withoutBegin.status());
    }
}
