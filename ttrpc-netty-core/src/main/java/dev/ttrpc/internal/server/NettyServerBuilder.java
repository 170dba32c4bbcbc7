package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.server.PeerCheck;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what a server is to be. */
public final class NettyServerBuilder implements TtrpcServer.Builder {
    private final Map<TtrpcAddress, ListenTarget> targets = new LinkedHashMap<>();
    private final Map<String, ServiceDefinition> services = new LinkedHashMap<>();
    private final List<ServerInterceptor> interceptors = new ArrayList<>();
    private @Nullable Executor executor;
    private int poolThreads = HandlerExecutor.DEFAULT_MAX_THREADS;
    private int poolQueue = HandlerExecutor.DEFAULT_MAX_QUEUED;
    private Duration poolKeepAlive = HandlerExecutor.DEFAULT_KEEP_ALIVE;
    private boolean poolAsked;
    private PeerCheck peerCheck = PeerCheck.any();
    private int maxMessage = Wire.DEFAULT_MAX_MESSAGE;
    private int maxMetadata = 64 << 10;
    private int maxConcurrentCalls = 4096;
    private int maxConnections = 10_000;
    private long maxCallNanos;
    private long receiveBudget = 16 << 20;
    private long sendBudget = 1 << 20;
    private Duration stallTimeout = Duration.ofSeconds(1);
    private boolean strictStreamIds;
    private boolean exposeFailures;
    private boolean interruptOnCancel;
    private Function<Throwable, @Nullable Status> failureMapper = failure -> null;
    private @Nullable TransportResources resources;

    @Override
    public TtrpcServer.Builder listen(String... addresses) {
        for (String address : addresses) {
            listen(TtrpcAddress.parse(address), ListenOptions.DEFAULT);
        }
        return this;
    }

    @Override
    public TtrpcServer.Builder listen(TtrpcAddress address, ListenOptions options, ServiceDefinition... only) {
        if (targets.putIfAbsent(address, new ListenTarget(address, options, List.of(only))) != null) {
            throw new IllegalArgumentException("the address " + address + " is given twice");
        }
        return this;
    }

    @Override
    public TtrpcServer.Builder service(ServiceDefinition... added) {
        for (ServiceDefinition service : added) {
            if (services.putIfAbsent(service.name(), service) != null) {
                throw new IllegalArgumentException("service " + service.name() + " is given twice");
            }
        }
        return this;
    }

    @Override
    public TtrpcServer.Builder intercept(ServerInterceptor... added) {
        interceptors.addAll(List.of(added));
        return this;
    }

    @Override
    public TtrpcServer.Builder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    @Override
    public TtrpcServer.Builder pool(int maxThreads, int maxQueuedCalls, Duration keepAlive) {
        poolThreads = positive(maxThreads, "pool threads");
        poolQueue = positive(maxQueuedCalls, "queued calls");
        poolKeepAlive = keepAlive;
        poolAsked = true;
        return this;
    }

    @Override
    public TtrpcServer.Builder peerCheck(PeerCheck check) {
        peerCheck = Objects.requireNonNull(check, "check");
        return this;
    }

    @Override
    public TtrpcServer.Builder maxMessageSize(int bytes) {
        maxMessage = Wire.checkMaxMessage(bytes);
        return this;
    }

    @Override
    public TtrpcServer.Builder maxMetadataSize(int bytes) {
        maxMetadata = positive(bytes, "metadata bytes");
        return this;
    }

    @Override
    public TtrpcServer.Builder maxConcurrentCalls(int calls) {
        maxConcurrentCalls = positive(calls, "concurrent calls");
        return this;
    }

    @Override
    public TtrpcServer.Builder maxConnections(int connections) {
        maxConnections = positive(connections, "connections");
        return this;
    }

    @Override
    public TtrpcServer.Builder maxCallDuration(@Nullable Duration duration) {
        maxCallNanos = duration == null ? 0 : positive(duration, "longest call");
        return this;
    }

    @Override
    public TtrpcServer.Builder receiveBudget(long bytes) {
        receiveBudget = bytes;
        return this;
    }

    @Override
    public TtrpcServer.Builder sendBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the send budget must be positive: " + bytes);
        }
        sendBudget = bytes;
        return this;
    }

    @Override
    public TtrpcServer.Builder stallTimeout(Duration timeout) {
        positive(timeout, "stall time-out");
        stallTimeout = timeout;
        return this;
    }

    @Override
    public TtrpcServer.Builder strictStreamIds(boolean strict) {
        strictStreamIds = strict;
        return this;
    }

    @Override
    public TtrpcServer.Builder exposeFailures(boolean expose) {
        exposeFailures = expose;
        return this;
    }

    @Override
    public TtrpcServer.Builder interruptOnCancel(boolean interrupt) {
        interruptOnCancel = interrupt;
        return this;
    }

    @Override
    public TtrpcServer.Builder failureMapper(Function<Throwable, @Nullable Status> mapper) {
        failureMapper = Objects.requireNonNull(mapper, "mapper");
        return this;
    }

    @Override
    public TtrpcServer.Builder resources(TransportResources resources) {
        this.resources = Objects.requireNonNull(resources, "resources");
        return this;
    }

    @Override
    public TtrpcServer build() {
        if (receiveBudget < 2L * maxMessage) {
            throw new IllegalArgumentException("the receive budget of " + receiveBudget
                    + " bytes must be at least twice the maximum message size of " + maxMessage);
        }
        ServerConfig config = new ServerConfig(
                maxMessage,
                maxMetadata,
                maxConcurrentCalls,
                maxConnections,
                maxCallNanos,
                receiveBudget,
                sendBudget,
                stallTimeout.toNanos(),
                strictStreamIds,
                exposeFailures,
                interruptOnCancel,
                peerCheck,
                failureMapper);
        return new NettyServer(
                config,
                List.copyOf(targets.values()),
                resources == null ? TransportResources.shared() : resources,
                new ServiceBinder(commonExecutor(), poolQueue, interceptors),
                services.values());
    }

    private HandlerExecutor commonExecutor() {
        if (executor != null) {
            return HandlerExecutor.of(executor, poolQueue);
        }
        return poolAsked
                ? HandlerExecutor.pool(poolThreads, poolQueue, poolKeepAlive, HandlerExecutor.THREAD_NAME_PREFIX)
                : HandlerExecutor.defaults(poolQueue);
    }

    private static int positive(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException("the number of " + what + " must be positive: " + value);
        }
        return value;
    }

    private static long positive(Duration duration, String what) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the " + what + " must be positive: " + duration);
        }
        return duration.toNanos();
    }
}
