package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.spring.TtrpcServerAddresses;
import dev.ttrpc.spring.TtrpcServerShutdownEvent;
import dev.ttrpc.spring.TtrpcServerStartedEvent;
import dev.ttrpc.spring.TtrpcServerTerminatedEvent;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The application's sockets: a server for each, because each has its own limits, peers and services. They share event loops and
 * executor. Started and stopped by one thread at a time, the one that starts or stops the application context; read by any.
 */
final class TtrpcSockets implements TtrpcServerAddresses {
    private static final Log logger = LogFactory.getLog(TtrpcSockets.class);

    /** Longer than any drain: the lifecycle of the application context ends it. */
    private static final Duration UNTIL_CUT_OFF = Duration.ofDays(365);

    /** How long servers may take to close their connections once every call is cancelled. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final TtrpcServerProperties properties;
    private final TtrpcServerFactory factory;
    private final ApplicationEventPublisher events;
    private final LocalAddresses localAddresses;

    /** Addresses got for port 0, kept so that a later start takes the same. */
    private final Map<String, TtrpcAddress> assigned = new LinkedHashMap<>();

    private volatile Map<String, TtrpcServer> running = Map.of();
    private boolean draining;

    TtrpcSockets(
            TtrpcServerProperties properties,
            TtrpcServerFactory factory,
            ApplicationEventPublisher events,
            LocalAddresses localAddresses) {
        this.properties = properties;
        this.factory = factory;
        this.events = events;
        this.localAddresses = localAddresses;
    }

    /**
     * Listens on all sockets, or on none.
     *
     * @throws FailureAnalyzedException for whatever a user can put right
     */
    void start() {
        Map<String, TtrpcServer> started = new LinkedHashMap<>();
        try {
            ConfiguredSockets.addresses(properties).forEach((name, configured) -> {
                TtrpcServer server = factory.create(name, assigned.getOrDefault(name, configured));
                started.put(name, server);
                listen(name, server);
            });
        } catch (RuntimeException | Error e) {
            started.values().forEach(TtrpcServer::close);
            throw e;
        }
        draining = false;
        running = Collections.unmodifiableMap(started);
        running.forEach((name, server) -> announce(name, address(server)));
    }

    boolean isRunning() {
        return !running.isEmpty();
    }

    /** Refuses new connections and calls. Completes when the running calls have ended. */
    CompletableFuture<Void> drain() {
        draining = true;
        running.forEach((name, server) -> events.publishEvent(new TtrpcServerShutdownEvent(name, address(server))));
        return CompletableFuture.allOf(running.entrySet().stream()
                .map(socket -> drain(socket.getKey(), socket.getValue()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Closes all sockets and cuts off the calls that still run. */
    void close() {
        if (!draining) {
            running.forEach((name, server) -> events.publishEvent(new TtrpcServerShutdownEvent(name, address(server))));
        }
        Map<String, TtrpcServer> closing = running;
        running = Map.of();
        closing.forEach(this::close);
    }

    @Override
    public Set<String> sockets() {
        return properties.effectiveSockets().keySet();
    }

    @Override
    public @Nullable TtrpcAddress find(String socket) {
        Map<String, TtrpcServer> servers = running;
        String name = EntryNames.find(servers, socket);
        TtrpcServer server = name == null ? null : servers.get(name);
        return server == null ? null : address(server);
    }

    private static void listen(String name, TtrpcServer server) {
        try {
            server.start();
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new FailureAnalyzedException(
                    "Socket '" + name + "' cannot be opened. " + e.getMessage(),
                    "Put right what the sentence says, or change " + SocketKeys.of(name, "address") + ".",
                    e);
        }
    }

    private void announce(String name, TtrpcAddress address) {
        if (address instanceof TtrpcAddress.Tcp) {
            assigned.put(name, address);
        }
        localAddresses.add(name, address, running.size() == 1);
        events.publishEvent(new TtrpcServerStartedEvent(name, address));
    }

    private static CompletableFuture<Integer> drain(String name, TtrpcServer server) {
        int calls = server.liveCalls();
        if (calls > 0) {
            logger.info(
                    "ttrpc socket '" + name + "' waits for " + calls + (calls == 1 ? " call" : " calls") + " to end");
        }
        return server.shutdown(UNTIL_CUT_OFF);
    }

    private void close(String name, TtrpcServer server) {
        TtrpcAddress address = address(server);
        try {
            int cut = server.shutdown(Duration.ZERO).get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            if (cut > 0) {
                logger.warn("ttrpc socket '" + name + "' has cut off " + cut + (cut == 1 ? " call" : " calls")
                        + " that did not end in time");
            }
        } catch (ExecutionException | TimeoutException e) {
            logger.warn("ttrpc socket '" + name + "' did not shut down well and is closed now", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logger.warn(
                    "The thread that stops ttrpc socket '" + name + "' was interrupted; the socket is closed now", e);
        }
        server.close();
        events.publishEvent(new TtrpcServerTerminatedEvent(name, address));
    }

    private static TtrpcAddress address(TtrpcServer server) {
        return server.addresses().get(0);
    }
}
