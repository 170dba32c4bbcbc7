package dev.ttrpc.internal.client;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.client.ClientStatistics;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.connection.ReceiveBudgets;
import dev.ttrpc.internal.connection.StallWatch;
import dev.ttrpc.internal.logging.RareWarning;
import dev.ttrpc.internal.stream.ReceiveBudget;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.internal.transport.TtrpcEventLoopThread;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel: one event loop for life, on which its connections live, and the queue by which callers come to it. */
final class NettyChannel implements TtrpcChannel {
    static final byte[] NO_BYTES = {};

    private static final Logger log = LoggerFactory.getLogger(NettyChannel.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long DRAIN_CHECK_MILLIS = 5;

    private final ClientConfig config;
    private final Transports transports;
    private final ClientInterceptor.Next chain;
    private final LoopQueue queue;
    private final SendBudget sendBudget;
    private final ReceiveBudget receiveBudget;
    private final StallWatch stallWatch;
    private final ClientCounters counters = new ClientCounters();
    private final RareWarning protocolWarning = new RareWarning(log);
    private final Connector connector;
    private final BlockingCalls blocking;
    private final AsyncCalls async;
    private final ConcurrentHashMap<MethodDescriptor<?, ?>, byte[]> requestHeads = new ConcurrentHashMap<>();
    private final AtomicInteger liveCalls = new AtomicInteger();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private volatile boolean draining; // set by shutdown, read by callers

    NettyChannel(ClientConfig config, List<ClientInterceptor> interceptors, TransportResources resources) {
        this.config = config;
        this.transports = Transports.of(resources);
        this.queue = new LoopQueue(transports.nextEventLoop(config.address()), this::flush);
        this.sendBudget = new SendBudget(config.sendBudget(), null);
        this.receiveBudget = new ReceiveBudget(
                config.receiveBudget(),
                ReceiveBudgets.of(resources).channels(),
                () -> queue.offer(this::pauseIfOverBudget),
                () -> queue.offer(this::resumeReading));
        this.stallWatch = new StallWatch(
                queue.loop(), receiveBudget, config.stallTimeout().toNanos(), () -> {});
        this.connector = new Connector(this);
        this.blocking = new BlockingCalls(this);
        this.async = new AsyncCalls(this);
        ClientInterceptor.Next next = call -> ((OutgoingCall<?, ?>) call).proceed();
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            ClientInterceptor interceptor = interceptors.get(i);
            ClientInterceptor.Next inner = next;
            next = call -> interceptor.intercept(call, inner);
        }
        this.chain = next;
    }

    @Override
    public <Q, P> P unary(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return blocking.unary(method, request, options);
    }

    @Override
    public <Q, P> MessageReader<P> serverStreaming(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return blocking.serverStreaming(method, request, options);
    }

    @Override
    public <Q, P> UploadCall<Q, P> clientStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        return blocking.clientStreaming(method, options);
    }

    @Override
    public <Q, P> DuplexCall<Q, P> bidiStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        return blocking.bidiStreaming(method, options);
    }

    @Override
    public <Q, P> CompletableFuture<P> unaryAsync(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return async.unary(method, request, options);
    }

    @Override
    public <Q, P> Flow.Publisher<P> serverStreamingAsync(
            MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return async.serverStreaming(method, request, options);
    }

    @Override
    public <Q, P> CompletableFuture<P> clientStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        return async.clientStreaming(method, requests, options);
    }

    @Override
    public <Q, P> Flow.Publisher<P> bidiStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        return async.bidiStreaming(method, requests, options);
    }

    @Override
    public TtrpcAddress address() {
        return config.address();
    }

    @Override
    public ChannelState state() {
        return connector.state();
    }

    @Override
    public void onStateChange(Consumer<? super ChannelState> listener) {
        connector.onStateChange(listener);
    }

    @Override
    public CompletableFuture<Void> connect() {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        queue.execute(() -> connector.whenReady(failure -> {
            if (failure == null) {
                connected.complete(null);
            } else {
                connected.completeExceptionally(failure);
            }
        }));
        return connected;
    }

    @Override
    public int liveCalls() {
        return liveCalls.get();
    }

    @Override
    public ClientStatistics statistics() {
        return counters.snapshot();
    }

    @Override
    public CompletableFuture<Void> shutdown(Duration grace) {
        draining = true;
        try {
            queue.execute(() -> drain(System.nanoTime(), grace));
        } catch (ConnectionLostException e) {
            ended(); // as the event loop has, and with it the connections
        }
        return terminated.copy();
    }

    private void drain(long since, Duration grace) {
        if (terminated.isDone()) {
            return;
        }
        boolean over = Duration.ofNanos(System.nanoTime() - since).compareTo(grace) >= 0;
        if (over || liveCalls.get() == 0) {
            connector.close();
        }
        if (connector.isClosed()) {
            ended();
        } else {
            queue.loop()
                    .schedule(() -> drain(since, grace), DRAIN_CHECK_MILLIS, TimeUnit.MILLISECONDS)
                    .addListener(next -> {
                        if (next.isCancelled()) {
                            ended(); // by the event loop, which ends
                        }
                    });
        }
    }

    private void ended() {
        receiveBudget.close();
        terminated.complete(null);
    }

    @Override
    public void close() {
        CompletableFuture<Void> end = shutdown(Duration.ZERO);
        if (Thread.currentThread() instanceof TtrpcEventLoopThread) {
            return;
        }
        try {
            end.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The channel to {} did not close within {}", config.address(), CLOSE_TIMEOUT, e);
        }
    }

    void callBegan() {
        liveCalls.incrementAndGet();
    }

    void callEnded() {
        liveCalls.decrementAndGet();
    }

    byte[] requestHead(MethodDescriptor<?, ?> method) {
        byte[] head = requestHeads.get(method);
        return head != null ? head : requestHeads.computeIfAbsent(method, FrameEncoder::requestHead);
    }

    private void flush() {
        connector.flush();
    }

    /** Stops reading on all connections where more is held than may be. Event loop. */
    void pauseIfOverBudget() {
        if (receiveBudget.pauseIfOver() && connector.pauseReading()) {
            stallWatch.start();
        }
    }

    /** There is no connection that a stalled stream could hold up. Event loop. */
    void disconnected() {
        stallWatch.stop();
    }

    private void resumeReading() {
        if (!receiveBudget.isPaused()) {
            stallWatch.stop();
            connector.resumeReading();
        }
    }

    boolean isDraining() {
        return draining;
    }

    ClientConfig config() {
        return config;
    }

    Transports transports() {
        return transports;
    }

    ClientInterceptor.Next chain() {
        return chain;
    }

    LoopQueue queue() {
        return queue;
    }

    SendBudget sendBudget() {
        return sendBudget;
    }

    ReceiveBudget receiveBudget() {
        return receiveBudget;
    }

    ClientCounters counters() {
        return counters;
    }

    /** A connection is closed because a frame began with this length. */
    void protocolError(int length) {
        counters.protocolErrors.incrementAndGet();
        protocolWarning.warn(() -> config.address() + ": closing the connection: a frame begins with length 0x"
                + Integer.toHexString(length) + ", whose first byte must be 0");
    }

    Connector connector() {
        return connector;
    }
}
