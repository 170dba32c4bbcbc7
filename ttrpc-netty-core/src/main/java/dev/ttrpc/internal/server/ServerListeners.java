package dev.ttrpc.internal.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one server listens, and what it is about to give back. Any thread. */
final class ServerListeners {
    private static final Logger log = LoggerFactory.getLogger(ServerListeners.class);

    private final Transports transports;
    private final Runnable acceptFailed;
    private final Runnable ended;
    private final List<Listener> open = new ArrayList<>(); // guarded by this
    private final Set<Listener> ending = new HashSet<>(); // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param acceptFailed runs each time that a connection cannot be accepted
     * @param ended runs each time that an address was given back
     */
    ServerListeners(Transports transports, Runnable acceptFailed, Runnable ended) {
        this.transports = transports;
        this.acceptFailed = acceptFailed;
        this.ended = ended;
    }

    /**
     * Listens.
     *
     * @param accepted runs on the event loop of each connection, before it is active
     * @return the real address
     * @throws IllegalStateException after {@link #close}
     */
    TtrpcAddress listen(TtrpcAddress address, ListenOptions options, Consumer<Channel> accepted) throws IOException {
        Listener listener = transports.listen(address, options, accepted, acceptFailed);
        boolean late;
        synchronized (this) {
            late = closed;
            (late ? ending : open).add(listener);
        }
        if (late) {
            end(listener);
            throw NettyServer.shutDown();
        }
        log.info("Serving ttrpc on {}", listener.address());
        return listener.address();
    }

    /**
     * Stops listening on one address.
     *
     * @return completes when the address was given back
     * @throws IllegalArgumentException where nobody listens on it
     */
    CompletableFuture<Void> stop(TtrpcAddress address) {
        Listener listener;
        synchronized (this) {
            listener = open.stream()
                    .filter(each -> each.address().equals(address))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the server does not listen on " + address + " but on " + addresses()));
            open.remove(listener);
            ending.add(listener);
        }
        return end(listener);
    }

    /** Stops listening everywhere and for good. */
    void close() {
        List<Listener> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
            ending.addAll(all);
        }
        all.forEach(this::end);
    }

    private CompletableFuture<Void> end(Listener listener) {
        log.debug("Serving on {} ends", listener.address());
        return listener.close().toCompletableFuture().whenComplete((done, failure) -> {
            if (failure != null) {
                log.warn("The listener on {} did not close well", listener.address(), failure);
            }
            synchronized (this) {
                ending.remove(listener);
            }
            ended.run();
        });
    }

    /** The addresses listened on, or that were when {@link #close} was called. */
    synchronized List<TtrpcAddress> addresses() {
        return open.stream().map(Listener::address).toList();
    }

    /** Whether this is closed, and no address is held any more. */
    synchronized boolean haveEnded() {
        return closed && ending.isEmpty();
    }
}
