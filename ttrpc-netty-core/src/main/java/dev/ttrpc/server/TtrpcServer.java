package dev.ttrpc.server;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.server.NettyServerBuilder;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.TransportResources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves services on any number of addresses. Safe for any thread. */
public interface TtrpcServer extends AutoCloseable {
    static Builder builder() {
        return new NettyServerBuilder();
    }

    /**
     * Listens on every address. Returns when each can be connected to.
     *
     * @throws IOException where an address cannot be listened on, with one sentence that says what to change; nothing is left open then
     * @throws IllegalStateException where the server was started or closed before
     */
    TtrpcServer start() throws IOException;

    /**
     * Listens on one more address of a server that was started. Returns when it can be connected to. Not for event loops.
     *
     * @param only what is served there; where none is named, the services given to the builder
     * @return the address, with the real port where 0 was asked for
     * @throws IOException where it cannot be listened on, with one sentence that says what to change; the other addresses are not touched
     * @throws IllegalArgumentException where a service is given twice
     * @throws IllegalStateException before the start and after a shutdown has begun
     */
    TtrpcAddress listen(TtrpcAddress address, ListenOptions options, ServiceDefinition... only) throws IOException;

    /**
     * Stops listening on one address. Connections that came in by it go on.
     *
     * @param address as {@link #addresses} has it
     * @return completes when the address can be listened on again; it completes on an event loop
     * @throws IllegalArgumentException where the server does not listen on it, with the addresses where it does
     * @throws IllegalStateException before the start and after a shutdown has begun
     */
    CompletableFuture<Void> stopListening(TtrpcAddress address);

    /**
     * Serves a connection that was made elsewhere, like one that was accepted here: checks of peers, limits and shutdown are the same.
     *
     * @param socket is this server's from when the method returns, and closed with the connection; where it throws, still the caller's
     * @param only what is served on it; where nothing is named, the services given to the builder
     * @throws IOException where the socket cannot be used, with one sentence that says why
     * @throws IllegalArgumentException where a service is given twice
     * @throws IllegalStateException before the start, after a shutdown has begun, and where the socket needs a transport that is not available here
     */
    void serve(ConnectedSocket socket, ServiceDefinition... only) throws IOException;

    /** The addresses listened on, with the real port where 0 was asked for; empty before the start. A shutdown leaves those that it ended. */
    List<TtrpcAddress> addresses();

    /** The number of open connections. */
    int connections();

    /** The number of calls that have begun and not ended. */
    int liveCalls();

    /** The number of handlers that run, those of ended calls included. */
    int runningHandlers();

    /** What was accepted, refused and dropped so far. */
    ServerStatistics statistics();

    /**
     * Stops listening, refuses further calls with UNAVAILABLE and lets running ones finish; a connection is closed when its last call has ended
     * and its output is written. At the end of {@code grace} the rest is cancelled. Completes when no connection is left; further calls of it
     * can only shorten the grace.
     *
     * @return completes with the number of calls that were cut off
     */
    CompletableFuture<Integer> shutdown(Duration grace);

    /** Cancels all calls and closes all connections. Waits for that unless on a thread of the server. */
    @Override
    void close();

    /** Sets a server up. Setters may be called in any order; each says its default. */
    interface Builder {
        /** Adds addresses in the grammar of {@link TtrpcAddress#parse}. */
        Builder listen(String... addresses);

        /**
         * Adds an address.
         *
         * @param only what is served there; where none is named, the services of {@link #service}
         */
        Builder listen(TtrpcAddress address, ListenOptions options, ServiceDefinition... only);

        /** Adds services, served on every address that names none of its own. */
        Builder service(ServiceDefinition... services);

        /** Stands around each call, the first outermost. May be called several times. */
        Builder intercept(ServerInterceptor... interceptors);

        /** Runs handlers. Default: virtual threads from JDK 24 on, before that a pool of at most 256 threads with at most 16,384 waiting calls. */
        Builder executor(Executor executor);

        /** The pool's size and how many calls may wait for it, where no executor was given. */
        Builder pool(int maxThreads, int maxQueuedCalls, Duration keepAlive);

        /** Who may connect. Default: everybody. */
        Builder peerCheck(PeerCheck check);

        /** The largest message either way, 4 KiB to 16 MiB - 1 bytes. Default: 4 MiB, which other implementations insist on. */
        Builder maxMessageSize(int bytes);

        /** The largest metadata of a call, in bytes as they stand in its Request. Default: 64 KiB. */
        Builder maxMetadataSize(int bytes);

        /**
         * How many calls of one connection may run; and besides them, how many of its calls that were cancelled or ran into their deadlines may still be with the executor,
         * because their handlers go on or no thread has come to them. Default: 4,096.
         */
        Builder maxConcurrentCalls(int calls);

        /** How many connections may be open. Default: 10,000. */
        Builder maxConnections(int connections);

        /** The longest a call may take, whatever its client asks. Default: no limit. */
        Builder maxCallDuration(@Nullable Duration duration);

        /** What a connection may hold received and not yet taken, at least twice the largest message. Default: 16 MiB. */
        Builder receiveBudget(long bytes);

        /** What a connection may hold encoded and not yet written. Default: 1 MiB. */
        Builder sendBudget(long bytes);

        /** How long a full receive budget is borne before the stream that holds most fails. Default: 1 s. */
        Builder stallTimeout(Duration timeout);

        /** Whether stream ids must rise, as Go's server demands. Default: false, because Rust's clients reorder them. */
        Builder strictStreamIds(boolean strict);

        /** Whether the text of an unexpected exception goes to the peer. Default: false. */
        Builder exposeFailures(boolean expose);

        /** Interrupts the handler's thread when its call is cancelled. Default: false. */
        Builder interruptOnCancel(boolean interrupt);

        /** Turns failures of handlers that are no {@link dev.ttrpc.TtrpcException} into statuses; null leaves one to the default. */
        Builder failureMapper(Function<Throwable, @Nullable Status> mapper);

        /** The event loops and transports. Default: {@link TransportResources#shared()}. */
        Builder resources(TransportResources resources);

        /**
         * Makes the server. It does not listen yet.
         *
         * @throws IllegalArgumentException for values out of their ranges, or a service given twice
         */
        TtrpcServer build();
    }
}
