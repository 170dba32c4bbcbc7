package dev.ttrpc.internal.transport;

import dev.ttrpc.Peer;
import dev.ttrpc.PeerCredentials;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What client and server know of transports: connect, listen, and who is at the other end. */
public final class Transports implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Transports.class);

    private static final AttributeKey<Origin> ORIGIN = AttributeKey.valueOf(Transports.class, "origin");
    private static final long LONGEST_CLOSE_MILLIS = 1_000;
    private static final long NANOS_OF_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoops eventLoops;
    private final List<TransportProvider> providers;

    /** What is open, to be closed before the event loops end: those do not reliably close what is registered with them. */
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private Transports(TransportResources resources) {
        Sockets sockets = Sockets.of(resources.transport());
        this.eventLoops = new EventLoops(sockets, resources.eventLoopThreads());
        this.providers = new ArrayList<>(resources.providers());
        providers.add(new UnixTransport(sockets));
        providers.add(new TcpTransport(sockets, eventLoops.blocking()));
        providers.add(new InProcessTransport());
    }

    /**
     * Those of the resources; ends with them.
     *
     * @throws IllegalStateException with one sentence, if the kind of sockets asked for is not available here
     */
    public static Transports of(TransportResources resources) {
        return resources.part(Transports.class, Transports::new);
    }

    /** The interface that drives the sockets; never {@link TransportKind#AUTO}. */
    public TransportKind kind() {
        return eventLoops.sockets().kind();
    }

    private TransportProvider provider(TtrpcAddress address) {
        for (TransportProvider provider : providers) {
            if (provider.supports(address)) {
                return provider;
            }
        }
        if (address instanceof TtrpcAddress.Custom custom) {
            throw new UnsupportedOperationException(
                    "Address " + address + " is not supported: no transport has the scheme " + custom.scheme()
                            + ", use unix, tcp or in-process, or add its TransportProvider to the TransportResources");
        }
        throw new UnsupportedOperationException(
                "Address " + address + " is not supported: this version has no transport for " + address.scheme()
                        + " addresses, use unix, tcp or in-process");
    }

    /** Ends the listeners, then the connections, then the event loops. */
    @Override
    public void close() {
        CompletableFuture<?>[] listenersClosed = listeners.stream()
                .map(listener -> listener.close().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        ChannelGroupFuture connectionsClosed = connections.close();
        if (!(Thread.currentThread() instanceof TtrpcEventLoopThread)) {
            CompletableFuture.allOf(listenersClosed)
                    .completeOnTimeout(null, LONGEST_CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
            connectionsClosed.awaitUninterruptibly(LONGEST_CLOSE_MILLIS);
        }
        eventLoops.close();
    }

    /**
     * Where the buffers of every channel come from: the pool that encoded frames come from too, so that there is one. Pooled, not Netty's adaptive
     * default, which costs a factor of four with messages of 64 KiB on newer JVMs.
     */
    public static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    EventLoops eventLoops() {
        return eventLoops;
    }

    /**
     * A loop for a client channel, to be kept: all its connections register there.
     *
     * @throws UnsupportedOperationException with one sentence, if there is no transport for the address
     */
    public EventLoop nextEventLoop(TtrpcAddress address) {
        return eventLoops.of(provider(address)).next();
    }

    /**
     * Connects. May be called by any thread; never throws for a reason that lies in the address.
     *
     * @param loop as given by {@link #nextEventLoop} for an address of this kind
     * @param timeoutNanos for everything, the look-up of a host and repeated attempts included
     * @param initializer runs on the loop before the channel becomes active and adds the protocol's handlers
     * @return gives the attempt up; the callback then fails with a CancellationException
     *     (should the loop have ended, the callback runs on the calling thread)
     */
    public Cancellable connect(
            TtrpcAddress address,
            EventLoop loop,
            long timeoutNanos,
            Consumer<Channel> initializer,
            ConnectCallback callback) {
        Promise<Channel> promise = loop.newPromise();
        promise.addListener((Future<Channel> attempt) -> {
            if (attempt.isSuccess()) {
                callback.connected(attempt.getNow());
            } else {
                callback.failed(attempt.cause());
            }
        });
        try {
            loop.execute(() -> connectOnLoop(address, loop, timeoutNanos, initializer, promise));
        } catch (RejectedExecutionException e) {
            callback.failed(ConnectFailures.of(address, "its event loop has ended", e));
            return () -> {};
        }
        return () -> promise.cancel(false);
    }

    private void connectOnLoop(
            TtrpcAddress address,
            EventLoop loop,
            long timeoutNanos,
            Consumer<Channel> initializer,
            Promise<Channel> promise) {
        if (promise.isDone()) {
            return;
        }
        long millis = Math.max(1, timeoutNanos / NANOS_OF_MILLI);
        try {
            TransportProvider provider = provider(address);
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .disableResolver()
                    .option(ChannelOption.ALLOCATOR, allocator())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, millis))
                    .handler(new Initializer(new ByAddress(address, provider), initializer));
            provider.connect(address, bootstrap, promise);
        } catch (RuntimeException | LinkageError e) {
            promise.tryFailure(e instanceof UnsupportedOperationException ? e : ConnectFailures.of(address, e));
        }
        // Only now, so that a transport that knows better why it took too long is the first to say so.
        Future<?> timeout = loop.schedule(
                () -> promise.tryFailure(ConnectFailures.timeout(address, millis)),
                Math.max(0, timeoutNanos),
                TimeUnit.NANOSECONDS);
        promise.addListener(done -> timeout.cancel(false));
    }

    /**
     * Listens; returns when it can be connected to. Not for event loops.
     *
     * @param initializer runs on the loop of each accepted channel before it becomes active
     * @param acceptFailed runs each time that accepting fails
     * @throws IOException with one sentence: the address, what is wrong with it, what to change
     * @throws UnsupportedOperationException with one sentence, if there is no transport for the address
     */
    public Listener listen(
            TtrpcAddress address, ListenOptions options, Consumer<Channel> initializer, Runnable acceptFailed)
            throws IOException {
        if (Thread.currentThread() instanceof TtrpcEventLoopThread) {
            throw new IllegalStateException("Listening waits, and must not be called on a ttrpc event loop");
        }
        TransportProvider provider = provider(address);
        EventLoopGroup loops = eventLoops.of(provider);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.ALLOCATOR, allocator())
                .childOption(ChannelOption.ALLOCATOR, allocator())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel listening) {
                        listening.pipeline().addLast(new AcceptBackoff(address, acceptFailed));
                    }
                })
                .childHandler(new Initializer(new ByAddress(address, provider), initializer));
        Listener listener = provider.listen(address, options, bootstrap);
        listeners.add(listener);
        listener.closed().thenRun(() -> listeners.remove(listener));
        return listener;
    }

    /**
     * Takes over a socket that is connected already. Any thread.
     *
     * @param initializer runs on the socket's loop before it becomes active
     * @throws IOException with one sentence that says what is wrong with the socket, which is not touched
     * @throws IllegalStateException where what the socket needs is not available here, or the resources are closed
     */
    public void take(ConnectedSocket socket, Consumer<Channel> initializer) throws IOException {
        EventLoopGroup loops = eventLoops.of(ConnectedSockets.kind(socket)); // or nobody would close what was taken
        ConnectedSockets.Taken taken = ConnectedSockets.take(socket);
        Channel channel = taken.channel();
        channel.config().setAllocator(allocator());
        channel.pipeline().addLast(new Initializer(same -> taken.peer(), initializer));
        loops.register(channel).addListener((ChannelFutureListener) registered -> {
            if (!registered.isSuccess()) {
                logger.warn("The connected socket {} was closed: it cannot be registered", channel, registered.cause());
                channel.unsafe().closeForcibly();
            }
        });
    }

    /**
     * Who is at the other end of a channel that was connected or accepted here. Asks the system: to be called once, when the channel has
     * become active.
     */
    public static Peer peer(Channel channel) {
        Origin origin = channel.attr(ORIGIN).get();
        if (origin == null) {
            return new Peer(String.valueOf(channel.remoteAddress()), null, null);
        }
        return origin.peer(channel);
    }

    /** By what a channel came into being, which knows its peer. */
    private interface Origin {
        Peer peer(Channel channel);
    }

    /** @param address the one that was connected to or is listened on */
    private record ByAddress(TtrpcAddress address, TransportProvider provider) implements Origin {
        @Override
        public Peer peer(Channel channel) {
            TtrpcAddress other = provider.peerAddress(channel, address);
            return new Peer(other.toString(), other, credentials(channel));
        }

        private @Nullable PeerCredentials credentials(Channel channel) {
            try {
                return provider.peerCredentials(channel);
            } catch (IOException e) {
                logger.debug("No credentials of the peer on {}", address, e);
                return null;
            }
        }
    }

    /** One for all channels of a listener. */
    @Sharable
    private final class Initializer extends ChannelInitializer<Channel> {
        private final Origin origin;
        private final Consumer<Channel> initializer;

        Initializer(Origin origin, Consumer<Channel> initializer) {
            this.origin = origin;
            this.initializer = initializer;
        }

        @Override
        protected void initChannel(Channel channel) {
            connections.add(channel);
            channel.attr(ORIGIN).set(origin);
            initializer.accept(channel);
        }
    }
}
