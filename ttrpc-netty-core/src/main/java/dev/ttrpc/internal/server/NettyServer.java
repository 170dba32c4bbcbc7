package dev.ttrpc.internal.server;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Peer;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.connection.ReceiveBudgets;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.internal.logging.RareWarning;
import dev.ttrpc.internal.server.ServerCounters.Event;
import dev.ttrpc.internal.stream.SharedReceiveBudget;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.internal.transport.TtrpcEventLoopThread;
import dev.ttrpc.server.ServerStatistics;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.TransportResources;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server: its listeners, its connections, and its end. */
final class NettyServer implements TtrpcServer {
    static final String DRAINING = "server is shutting down";

    private static final Logger log = LoggerFactory.getLogger(NettyServer.class);

    private static final long HANDLER_CHECK_MILLIS = 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ServerConfig config;
    private final List<ListenTarget> targets;
    private final Transports transports;
    private final ServerListeners listeners;
    private final SharedReceiveBudget receiveBudget;
    private final ServiceBinder binder;
    private final MethodTable methods;
    private final Dispatcher dispatcher;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger liveCalls = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final ServerCounters counters = new ServerCounters();
    private final RareWarning refusalWarning = new RareWarning(log);
    private final RareWarning limitWarning = new RareWarning(log);
    private final RareWarning protocolWarning = new RareWarning(log);
    private final CompletableFuture<Integer> terminated = new CompletableFuture<>();
    private State state = State.NEW; // guarded by this
    private volatile boolean draining; // written under this, read by connections

    private enum State {
        NEW,
        STARTED,
        DRAINING,
        CUT
    }

    NettyServer(
            ServerConfig config,
            List<ListenTarget> targets,
            TransportResources resources,
            ServiceBinder binder,
            Collection<ServiceDefinition> services) {
        this.config = config;
        this.targets = targets;
        this.transports = Transports.of(resources);
        this.listeners =
                new ServerListeners(transports, () -> counters.count(Event.ACCEPT_ERROR), this::checkTerminated);
        this.receiveBudget = ReceiveBudgets.of(resources).servers();
        this.binder = binder;
        this.methods = binder.bind(services);
        this.dispatcher = new Dispatcher(config);
    }

    @Override
    public TtrpcServer start() throws IOException {
        synchronized (this) {
            if (state != State.NEW) {
                throw new IllegalStateException("the server was started or closed before");
            }
            state = State.STARTED;
        }
        try {
            for (ListenTarget target : targets) {
                listen(target);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        return this;
    }

    private TtrpcAddress listen(ListenTarget target) throws IOException {
        MethodTable served = served(target.only());
        return listeners.listen(
                target.address(), target.options(), channel -> new ServerConnection(this, channel, served).install());
    }

    @Override
    public TtrpcAddress listen(TtrpcAddress address, ListenOptions options, ServiceDefinition... only)
            throws IOException {
        checkServing();
        return listen(new ListenTarget(address, options, List.of(only)));
    }

    MethodTable served(List<ServiceDefinition> only) {
        return only.isEmpty() ? methods : binder.bind(only);
    }

    @Override
    public void serve(ConnectedSocket socket, ServiceDefinition... only) throws IOException {
        checkServing();
        MethodTable served = served(List.of(only));
        transports.take(socket, channel -> new ServerConnection(this, channel, served).install());
    }

    @Override
    public CompletableFuture<Void> stopListening(TtrpcAddress address) {
        checkServing();
        return listeners.stop(address);
    }

    private synchronized void checkServing() {
        if (state == State.NEW) {
            throw new IllegalStateException("the server has not been started: give its addresses to the builder");
        } else if (state != State.STARTED) {
            throw shutDown();
        }
    }

    static IllegalStateException shutDown() {
        return new IllegalStateException("the server was shut down and cannot serve anything more");
    }

    /** Whether a new connection is served. Event loop of the connection. */
    boolean admit(ServerConnection connection) {
        if (!accepts(connection.peer())) {
            counters.count(Event.CONNECTION_REFUSED);
            return false;
        }
        if (admitted.incrementAndGet() > config.maxConnections()) {
            admitted.decrementAndGet();
            counters.count(Event.CONNECTION_OVER_LIMIT);
            limitWarning.warn(() ->
                    "All " + config.maxConnections() + " connections are in use: further ones are closed at once");
            return false;
        }
        counters.count(Event.CONNECTION_ACCEPTED);
        connections.add(connection);
        log.debug("{} connected", connection.peer());
        return true;
    }

    private boolean accepts(Peer peer) {
        try {
            if (config.peerCheck().accepts(peer)) {
                return true;
            }
            refusalWarning.warn(() -> "Refused the connection of " + peer);
        } catch (RuntimeException | Error e) {
            refusalWarning.warn(() -> "Refused the connection of " + peer + ", the check of peers failed: " + e);
        }
        return false;
    }

    /** A connection is closed because a frame began with this length. */
    void protocolError(Peer peer, int length) {
        counters.count(Event.PROTOCOL_ERROR);
        protocolWarning.warn(() -> peer + ": closing the connection: a frame begins with length 0x"
                + Integer.toHexString(length) + ", whose first byte must be 0");
    }

    void closed(ServerConnection connection) {
        if (connections.remove(connection)) {
            admitted.decrementAndGet();
            log.debug("{} disconnected", connection.peer());
            checkTerminated();
        }
    }

    void callBegan() {
        liveCalls.incrementAndGet();
    }

    void callEnded() {
        liveCalls.decrementAndGet();
    }

    ServerCounters counters() {
        return counters;
    }

    @Override
    public ServerStatistics statistics() {
        return counters.statistics();
    }

    @Override
    public List<TtrpcAddress> addresses() {
        return listeners.addresses();
    }

    @Override
    public int connections() {
        return connections.size();
    }

    @Override
    public int liveCalls() {
        return liveCalls.get();
    }

    @Override
    public int runningHandlers() {
        return executors().stream().mapToInt(HandlerExecutor::running).sum();
    }

    @Override
    public CompletableFuture<Integer> shutdown(Duration grace) {
        boolean now = grace.isZero() || grace.isNegative();
        if (beginDrain()) {
            listeners.close();
            connections.forEach(connection -> offer(connection, connection::drain));
            checkTerminated();
        }
        if (now) {
            cutOff();
        } else {
            ScheduledFuture<?> graceOver =
                    GlobalEventExecutor.INSTANCE.schedule(this::cutOff, saturatedNanos(grace), TimeUnit.NANOSECONDS);
            terminated.whenComplete((calls, failure) -> graceOver.cancel(false));
        }
        return terminated.copy();
    }

    /** Whether this is the call that begins the drain. */
    private synchronized boolean beginDrain() {
        if (state != State.NEW && state != State.STARTED) {
            return false;
        }
        state = State.DRAINING;
        draining = true;
        return true;
    }

    private void offer(ServerConnection connection, Runnable task) {
        try {
            connection.queue().offer(task);
        } catch (ConnectionLostException e) {
            closed(connection); // its event loop has ended, and cannot tell any more
        }
    }

    private void cutOff() {
        synchronized (this) {
            if (state == State.CUT || terminated.isDone()) {
                return;
            }
            state = State.CUT;
        }
        connections.forEach(connection -> offer(connection, () -> cut.addAndGet(connection.cut())));
        checkTerminated();
    }

    /** Ends the server when nothing of it is left: no connection, and, until the grace is over, no handler. */
    private void checkTerminated() {
        synchronized (this) {
            if (state == State.NEW || state == State.STARTED || !connections.isEmpty() || terminated.isDone()) {
                return;
            }
            if (!listeners.haveEnded()) {
                return;
            }
            if (state == State.DRAINING && runningHandlers() > 0) {
                GlobalEventExecutor.INSTANCE.schedule(
                        this::checkTerminated, HANDLER_CHECK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
        }
        executors().forEach(HandlerExecutor::close);
        if (terminated.complete(cut.get())) {
            log.debug("The server has ended, {} calls were cut off", cut.get());
        }
    }

    @Override
    public void close() {
        CompletableFuture<Integer> end = shutdown(Duration.ZERO);
        if (Thread.currentThread() instanceof TtrpcEventLoopThread) {
            return;
        }
        try {
            end.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The server did not end within {}", CLOSE_TIMEOUT, e);
        }
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE / 4;
        }
    }

    ServerConfig config() {
        return config;
    }

    /** What its connections share with those of other servers. */
    SharedReceiveBudget receiveBudget() {
        return receiveBudget;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    List<HandlerExecutor> executors() {
        return binder.executors();
    }

    boolean isDraining() {
        return draining;
    }
}
