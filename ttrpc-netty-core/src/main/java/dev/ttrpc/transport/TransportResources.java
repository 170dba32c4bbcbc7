package dev.ttrpc.transport;

import io.netty.util.NettyRuntime;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Event loops and transports, to be shared by any number of servers and channels.
 *
 * <p>Threads are daemons, are started when they are first needed, and belong to this object: it is closed after everything that uses
 * it. Safe for use by any thread.
 */
public final class TransportResources implements AutoCloseable {

    /** A system property that forces a {@link TransportKind} by name wherever {@link TransportKind#AUTO} is asked for. */
    public static final String KIND_PROPERTY = "dev.ttrpc.transport";

    private static final long LEAST_RECEIVE_BUDGET = 64L << 20;

    private final TransportKind transport;
    private final int eventLoopThreads;
    private final List<TransportProvider> providers;
    private final long receiveBudget;
    private final boolean shared;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Class<?>, AutoCloseable> parts =
            new HashMap<>(); // guarded by lock: any thread uses the resources
    private boolean closed; // guarded by lock

    private TransportResources(Builder builder, boolean shared) {
        this.transport = builder.transport;
        this.eventLoopThreads = builder.eventLoopThreads;
        this.providers = List.copyOf(builder.providers);
        this.receiveBudget = builder.receiveBudget;
        this.shared = shared;
    }

    /** The one of the process, for whoever brings none of his own. {@link #close} does nothing to it. */
    public static TransportResources shared() {
        return Shared.INSTANCE;
    }

    /** A quarter of the direct memory, in bytes. */
    static long defaultReceiveBudget(long directMemory) {
        return Math.max(LEAST_RECEIVE_BUDGET, directMemory / 4);
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** By which interface sockets are to be driven. */
    public TransportKind transport() {
        return transport;
    }

    /** How many event loops there are at most for each transport. */
    public int eventLoopThreads() {
        return eventLoopThreads;
    }

    /** The transports that were added to the built-in ones. */
    public List<TransportProvider> providers() {
        return providers;
    }

    /** What all connections of the servers that use these resources may hold received and not yet taken, in bytes; the channels that use them as much again. */
    public long receiveBudget() {
        return receiveBudget;
    }

    /**
     * Something that exists once in these resources and ends with them: it is made when it is first asked for, and closed by {@link
     * #close}. The built-in transports keep their event loops here, a provider may keep what its channels share.
     *
     * @param make must not ask for another part
     * @throws IllegalStateException after {@link #close}
     */
    public <T extends AutoCloseable> T part(Class<T> type, Function<TransportResources, T> make) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The TransportResources are closed");
            }
            return type.cast(parts.computeIfAbsent(type, key -> make.apply(this)));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the event loops and with them what still uses them. Returns when they have ended, at the latest after some seconds; from one of
     * those loops it returns at once. Doing it twice is harmless.
     */
    @Override
    public void close() {
        if (!shared) {
            end().forEach(TransportResources::close);
        }
    }

    private List<AutoCloseable> end() {
        lock.lock();
        try {
            closed = true;
            List<AutoCloseable> ended = new ArrayList<>(parts.values());
            parts.clear();
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException("A part of the TransportResources cannot be closed", e);
        }
    }

    /** Collects settings. Not safe for use by several threads. */
    public static final class Builder {
        private TransportKind transport = TransportKind.AUTO;
        private int eventLoopThreads = NettyRuntime.availableProcessors();
        private final List<TransportProvider> providers = new ArrayList<>();
        private long receiveBudget = defaultReceiveBudget(PlatformDependent.maxDirectMemory());

        private Builder() {}

        /** By which interface sockets are driven. The default takes the best one. One that this machine lacks fails at the first use. */
        public Builder transport(TransportKind transport) {
            this.transport = transport;
            return this;
        }

        /** How many event loops there are at most for each transport. The default is the number of processors. */
        public Builder eventLoopThreads(int eventLoopThreads) {
            if (eventLoopThreads < 1) {
                throw new IllegalArgumentException("eventLoopThreads must be at least 1, not " + eventLoopThreads);
            }
            this.eventLoopThreads = eventLoopThreads;
            return this;
        }

        /** Adds a transport, which is asked before the built-in ones and after those added earlier. */
        public Builder provider(TransportProvider provider) {
            this.providers.add(provider);
            return this;
        }

        /**
         * What all connections of the servers that use these resources may hold together, received and not yet taken; the channels that use them may hold as much
         * again. Above it, connections that hold more than an equal part of it stop reading; above twice as much, each that holds anything. The stall
         * time-out fails streams of those only that hold more than their part; the others wait for one stall time-out at most, unless together they hold three times as much.
         *
         * <p>The default is a quarter of the JVM's maximum of direct memory, and at least 64 MiB.
         *
         * @param bytes at least 1
         */
        public Builder receiveBudget(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("receiveBudget must be at least 1, not " + bytes);
            }
            this.receiveBudget = bytes;
            return this;
        }

        /** Makes the resources; no thread is started yet. */
        public TransportResources build() {
            return new TransportResources(this, false);
        }
    }

    private static final class Shared {
        static final TransportResources INSTANCE = new TransportResources(builder(), true);
    }
}
