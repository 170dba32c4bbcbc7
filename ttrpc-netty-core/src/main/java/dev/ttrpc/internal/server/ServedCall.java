package dev.ttrpc.internal.server;

import dev.ttrpc.Attributes;
import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Peer;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.connection.BlockingReader;
import dev.ttrpc.internal.connection.InboundPublisher;
import dev.ttrpc.internal.connection.Listeners;
import dev.ttrpc.internal.connection.MessageSender;
import dev.ttrpc.internal.connection.OutboundSubscriber;
import dev.ttrpc.internal.connection.Parsing;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.server.MethodHandler;
import dev.ttrpc.server.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call as its handler and interceptors see it: runs them, and turns what comes of it into the call's end. */
final class ServedCall<Q, P> extends CallContext implements ServerCall, HandlerExecutor.HandlerTask {
    private static final Logger log = LoggerFactory.getLogger(ServedCall.class);

    /** What the executor has to do with a call. */
    private enum Task {
        /** Nothing, not yet or no more. */
        NONE,
        /** Queues or runs it. */
        TAKEN,
        /** Queues or runs it although it has ended: it counts for the connection. */
        OUTLIVES
    }

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<ServedCall, Task> TASK =
            AtomicReferenceFieldUpdater.newUpdater(ServedCall.class, Task.class, "task");

    private final ServerConnection connection;
    private final ServerStream<Q, P> stream;
    private final Metadata metadata;
    private final AtomicReference<@Nullable InboundMessage> waiting =
            new AtomicReference<>(); // request of a call in the queue
    private final Listeners<Status> endListeners = new Listeners<>();
    private final Listeners<Status> cancelListeners = new Listeners<>();
    private volatile Task task = Task.NONE; // changed by the event loop and the handler's thread
    private volatile boolean begun; // set by the handler's thread, read by the event loop
    private @Nullable Q request;
    private boolean proceeded;
    private volatile boolean endedEarly; // set by an interceptor, on any thread
    private boolean async;
    private @Nullable P response;
    private @Nullable List<UnaryOperator<Throwable>> failureMappers;
    private @Nullable Consumer<Object> sentHook;
    private @Nullable Consumer<Object> receivedHook;
    private volatile @Nullable Attributes attributes; // made by whoever asks first
    private volatile @Nullable Runnable wake; // wakes what waits within the handler, when the call ends
    private final Object runner = new Object(); // guards thread
    private @Nullable Thread thread;

    ServedCall(ServerConnection connection, ServerStream<Q, P> stream, Metadata metadata) {
        this.connection = connection;
        this.stream = stream;
        this.metadata = metadata;
    }

    // What the connection does with it, on the event loop

    /** Keeps the request's bytes until a thread takes the call. */
    void await(InboundMessage message) {
        connection.receiveBudget().add(message.weight());
        waiting.set(message);
    }

    /** What the call holds while it waits for a thread. */
    int waitingBytes() {
        InboundMessage message = waiting.get();
        return message == null ? 0 : message.weight();
    }

    /** The executor is about to get the call. */
    void queued() {
        task = Task.TAKEN;
    }

    /** Whether a thread has taken the call. */
    boolean isBegun() {
        return begun;
    }

    /** Runs the call here and now, with its parsed request. */
    void runOnEventLoop(Q request) {
        this.request = request;
        serve();
    }

    /** The call has its end. */
    void ended(Status status, boolean cancelled) {
        dropRequest();
        if (cancelled && task == Task.TAKEN && TASK.compareAndSet(this, Task.TAKEN, Task.OUTLIVES)) {
            connection.lanes().outlives();
        }
        if (cancelled) {
            cancelListeners.fire(status);
        }
        Runnable waker = wake;
        if (waker != null) {
            waker.run();
        }
        if (cancelled && connection.config().interruptOnCancel()) {
            synchronized (runner) {
                if (thread != null) {
                    thread.interrupt();
                }
            }
        }
        endListeners.fire(status);
    }

    // What a thread of the executor does with it

    @Override
    public void run() {
        try {
            take();
        } finally {
            leave();
        }
    }

    private void take() {
        if (stream.ended() != null) {
            dropRequest();
            return;
        }
        if (!method().type().clientStreams()) {
            InboundMessage message = takeRequest();
            if (message == null) {
                return;
            }
            try {
                request = Parsing.take(message, stream.method().descriptor().requestMarshaller());
            } catch (TtrpcException e) {
                stream.fail(e.status());
                return;
            }
        }
        if (!connection.config().interruptOnCancel()) {
            serve();
            return;
        }
        synchronized (runner) {
            thread = Thread.currentThread();
        }
        try {
            serve();
        } finally {
            synchronized (runner) {
                thread = null;
                Thread.interrupted(); // a late interrupt is this call's, not the next one's
            }
        }
    }

    @Override
    public void dropped() {
        leave();
        dropRequest();
        stream.fail(HandlerLanes.overloaded(), ServerCounters.Event.CALL_OVERLOADED);
    }

    /** The executor is done with the call. */
    private void leave() {
        if (TASK.getAndSet(this, Task.NONE) == Task.OUTLIVES) {
            connection.lanes().outlivesNoMore();
        }
    }

    @Override
    public String name() {
        return method().fullName();
    }

    private void serve() {
        begun = true;
        CallContext previous = attach();
        try {
            stream.method().chain().proceed(this);
            conclude();
        } catch (Throwable failure) { // whatever a handler throws, its call gets its end
            failed(failure);
        } finally {
            detach(previous);
        }
    }

    /** The handler's method has returned and so have the interceptors. */
    private void conclude() {
        if (async || endedEarly || stream.ended() != null) {
            return;
        }
        if (!proceeded) {
            failed(new IllegalStateException("an interceptor neither proceeded nor ended the call"));
        } else if (stream.method().descriptor().type().serverStreams()) {
            stream.complete();
        } else if (response == null) {
            answeredNull();
        } else {
            stream.answer(response);
        }
    }

    private void answeredNull() {
        log.error("{}: the handler returned null", method());
        stream.handlerFailed(Status.UNKNOWN.withDescription("ttrpc: marshal called with nil"));
    }

    private void failed(Throwable thrown) {
        try {
            endWithFailure(thrown);
        } catch (RuntimeException | Error e) { // of a failure that cannot tell its cause or its message, nor be logged
            log.error(
                    "{}: the handler failed with {}, which failed itself with {} when it was asked",
                    method(),
                    thrown.getClass().getName(),
                    e.getClass().getName());
            stream.handlerFailed(Status.UNKNOWN.withDescription("internal error"));
        }
    }

    private void endWithFailure(Throwable thrown) {
        Status ended = stream.ended();
        if (ended != null) {
            log.debug("{}: the handler failed after its call had ended with {}", method(), ended, thrown);
            return;
        }
        EndedCallException over = EndedCallException.in(thrown);
        if (over != null) {
            stream.fail(over.status());
            return;
        }
        Throwable mapped = thrown;
        if (failureMappers != null) {
            try {
                for (int i = failureMappers.size() - 1; i >= 0; i--) {
                    mapped = failureMappers.get(i).apply(mapped);
                }
            } catch (RuntimeException | Error e) {
                e.addSuppressed(thrown);
                mapped = e;
            }
        }
        stream.handlerFailed(connection.dispatcher().statusOf(mapped, stream.method()));
    }

    /** The innermost link of the chain. */
    void invokeHandler() throws Exception {
        if (proceeded) {
            throw new IllegalStateException("an interceptor proceeded twice");
        }
        proceeded = true;
        if (stream.ended() != null) {
            return;
        }
        if (request != null) {
            received(request);
        }
        MethodHandler<Q, P> handler = stream.method().handler();
        if (handler instanceof MethodHandler.Unary<Q, P> unary) {
            response = unary.handle(request());
        } else if (handler instanceof MethodHandler.ServerStreaming<Q, P> streaming) {
            streaming.handle(request(), writer());
        } else if (handler instanceof MethodHandler.ClientStreaming<Q, P> streaming) {
            response = streaming.handle(reader());
        } else if (handler instanceof MethodHandler.BidiStreaming<Q, P> streaming) {
            streaming.handle(reader(), writer());
        } else {
            async = true;
            if (handler instanceof MethodHandler.AsyncUnary<Q, P> unary) {
                whenComplete(unary.handle(request()));
            } else if (handler instanceof MethodHandler.AsyncServerStreaming<Q, P> streaming) {
                send(streaming.handle(request()));
            } else if (handler instanceof MethodHandler.AsyncClientStreaming<Q, P> streaming) {
                whenComplete(streaming.handle(publisher()));
            } else if (handler instanceof MethodHandler.AsyncBidiStreaming<Q, P> streaming) {
                send(streaming.handle(publisher()));
            }
        }
    }

    private Q request() {
        return Objects.requireNonNull(request);
    }

    private BlockingReader<Q> reader() {
        return new BlockingReader<>(
                stream,
                Objects.requireNonNull(stream.input()),
                stream.method().descriptor().requestMarshaller());
    }

    private MessageWriter<P> writer() {
        MessageSender<P> sender =
                new MessageSender<>(stream, stream.method().descriptor().responseMarshaller());
        wake = sender::wake;
        return message -> {
            Objects.requireNonNull(message, "message");
            if (!sender.send(message)) {
                throw new IllegalStateException("the call has ended");
            }
        };
    }

    private Flow.Publisher<Q> publisher() {
        return new InboundPublisher<>(
                stream,
                Objects.requireNonNull(stream.input()),
                stream.method().descriptor().requestMarshaller(),
                connection.lanes().signals(stream));
    }

    private void whenComplete(@Nullable CompletionStage<P> stage) {
        if (stage == null) {
            answeredNull();
            return;
        }
        stage.whenComplete((message, failure) -> {
            if (failure != null) {
                failed(failure);
            } else if (message == null) {
                answeredNull();
            } else {
                answerLater(message);
            }
        });
    }

    /** A failure in here would be lost in the stage. */
    private void answerLater(P message) {
        try {
            stream.answer(message);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void send(Flow.@Nullable Publisher<P> publisher) {
        if (publisher == null) {
            answeredNull();
            return;
        }
        OutboundSubscriber<P> subscriber = new OutboundSubscriber<>(
                stream, stream.method().descriptor().responseMarshaller(), new OutboundSubscriber.Ending() {
                    @Override
                    public void completed() {
                        stream.complete();
                    }

                    @Override
                    public void failed(Throwable failure) {
                        ServedCall.this.failed(failure);
                    }
                });
        wake = subscriber::callEnded;
        publisher.subscribe(subscriber);
        if (stream.ended() != null) {
            subscriber.callEnded();
        }
    }

    private @Nullable InboundMessage takeRequest() {
        InboundMessage message = waiting.getAndSet(null);
        if (message != null) {
            connection.receiveBudget().take(message.weight());
        }
        return message;
    }

    private void dropRequest() {
        InboundMessage message = takeRequest();
        if (message != null) {
            message.release();
        }
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

    // What handlers and interceptors see

    @Override
    public CallContext context() {
        return this;
    }

    @Override
    public MethodDescriptor<?, ?> method() {
        return stream.method().descriptor();
    }

    @Override
    public Metadata metadata() {
        return metadata;
    }

    @Override
    public @Nullable Deadline deadline() {
        return stream.deadline();
    }

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public synchronized Attributes attributes() {
        Attributes made = attributes;
        if (made == null) {
            made = new Attributes();
            attributes = made;
        }
        return made;
    }

    @Override
    public boolean isCancelled() {
        return cancelListeners.isFired();
    }

    @Override
    public void onCancel(Consumer<? super Status> listener) {
        cancelListeners.add(listener);
    }

    @Override
    public boolean isDraining() {
        return connection.isDraining();
    }

    @Override
    public void onDrain(Runnable listener) {
        connection.onDrain(stream, listener);
    }

    @Override
    public void mapFailure(UnaryOperator<Throwable> mapper) {
        if (failureMappers == null) {
            failureMappers = new ArrayList<>(2);
        }
        failureMappers.add(mapper);
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
        endedEarly = true;
        stream.fail(status);
    }
}
