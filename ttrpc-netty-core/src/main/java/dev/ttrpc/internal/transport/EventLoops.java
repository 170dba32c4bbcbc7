package dev.ttrpc.internal.transport;

import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The groups of event loops of one {@link dev.ttrpc.transport.TransportResources}, each made at its first use. */
final class EventLoops {

    private static final int BLOCKING_THREADS = 16;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 2;

    private final Sockets sockets;
    private final int threads;
    private final ThreadPoolExecutor blocking;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, EventLoopGroup> groups =
            new HashMap<>(); // guarded by lock: any thread connects or listens
    private boolean closed; // guarded by lock

    /** Makes no loop yet. */
    EventLoops(Sockets sockets, int threads) {
        this.sockets = sockets;
        this.threads = threads;
        this.blocking = new ThreadPoolExecutor(
                BLOCKING_THREADS,
                BLOCKING_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("ttrpc-blocking", true));
        blocking.allowCoreThreadTimeOut(true);
    }

    /** The sockets that the shared group drives. */
    Sockets sockets() {
        return sockets;
    }

    /** For what a system only offers as a waiting call, such as looking up a host. */
    Executor blocking() {
        return blocking;
    }

    /** Has a transport that has loops of its own use these. */
    void use(TransportProvider provider, EventLoopGroup own) {
        lock.lock();
        try {
            groups.put(provider, own);
        } finally {
            lock.unlock();
        }
    }

    /** The group of a transport: its own if it has one, else that of the sockets. */
    EventLoopGroup of(TransportProvider provider) {
        IoHandlerFactory own = provider.ioHandlers();
        return own == null ? of(sockets.kind()) : group(provider, provider.name(), () -> own);
    }

    /** The group of sockets of some kind, which need not be that of the shared group. */
    EventLoopGroup of(TransportKind kind) {
        if (kind == sockets.kind()) {
            return group(sockets, kind.name().toLowerCase(Locale.ROOT), sockets::ioHandlers);
        }
        return group(
                kind,
                kind.name().toLowerCase(Locale.ROOT),
                () -> Sockets.of(kind).ioHandlers());
    }

    private EventLoopGroup group(Object owner, String name, Supplier<IoHandlerFactory> ioHandlers) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The TransportResources are closed");
            }
            return groups.computeIfAbsent(
                    owner,
                    key -> new MultiThreadIoEventLoopGroup(
                            threads, TtrpcEventLoopThread.factory(name), ioHandlers.get()));
        } finally {
            lock.unlock();
        }
    }

    /** Ends all loops, without a quiet period, and waits for them unless it is called on one. */
    void close() {
        List<Future<?>> ends = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            groups.values().forEach(group -> ends.add(group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)));
        } finally {
            lock.unlock();
        }
        blocking.shutdownNow();
        if (!(Thread.currentThread() instanceof TtrpcEventLoopThread)) {
            ends.forEach(end -> end.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
