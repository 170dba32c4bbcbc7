package dev.ttrpc.client;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.client.NettyChannelBuilder;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * The way to one address: one connection at a time, made when the first call needs it and made again when it is lost, and any number of
 * calls at once. Safe for any thread. Stubs are made of it by the generated class, for example {@code GreeterTtrpc.client(channel)}.
 *
 * <p>Failures are {@link TtrpcException}s; without a connection UNAVAILABLE, as {@link dev.ttrpc.ConnectionLostException}. Blocking methods throw
 * IllegalStateException on an event loop of ttrpc.
 */
public interface TtrpcChannel extends AutoCloseable {
    static Builder builder() {
        return new NettyChannelBuilder();
    }

    /** A channel with all defaults to an address in the grammar of {@link TtrpcAddress#parse}. */
    static TtrpcChannel to(String address) {
        return builder().address(address).build();
    }

    /** Calls a unary method and waits for the answer. */
    <Q, P> P unary(MethodDescriptor<Q, P> method, Q request, CallOptions options);

    /** Starts a server-streaming call. */
    <Q, P> MessageReader<P> serverStreaming(MethodDescriptor<Q, P> method, Q request, CallOptions options);

    /** Starts a client-streaming call. */
    <Q, P> UploadCall<Q, P> clientStreaming(MethodDescriptor<Q, P> method, CallOptions options);

    /** Starts a bidirectional call. */
    <Q, P> DuplexCall<Q, P> bidiStreaming(MethodDescriptor<Q, P> method, CallOptions options);

    /** Calls a unary method. Cancelling the future cancels the call. */
    <Q, P> CompletableFuture<P> unaryAsync(MethodDescriptor<Q, P> method, Q request, CallOptions options);

    /** A cold publisher: each subscription is a call of its own. */
    <Q, P> Flow.Publisher<P> serverStreamingAsync(MethodDescriptor<Q, P> method, Q request, CallOptions options);

    /** Starts a client-streaming call at once; {@code requests} is subscribed to when there is a connection. */
    <Q, P> CompletableFuture<P> clientStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options);

    /** A cold publisher: each subscription is a call of its own and subscribes to {@code requests}. */
    <Q, P> Flow.Publisher<P> bidiStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options);

    TtrpcAddress address();

    ChannelState state();

    /** Has {@code listener} called with each new state, in order, on the event loop. */
    void onStateChange(Consumer<? super ChannelState> listener);

    /** Makes the connection now unless there is one. Completes when it is there, fails as a call would. */
    CompletableFuture<Void> connect();

    /** The number of calls that have begun and not ended. */
    int liveCalls();

    /** What has happened since the channel was made. Any thread. */
    ClientStatistics statistics();

    /** Refuses new calls with UNAVAILABLE and lets running ones finish for {@code grace}; then the rest is cancelled. Completes when all is closed. */
    CompletableFuture<Void> shutdown(Duration grace);

    /** Cancels running calls and closes the connection. Waits for that unless on an event loop. */
    @Override
    void close();

    /** Sets a channel up. Setters may be called in any order; each says its default. */
    interface Builder {
        /** Where to connect, in the grammar of {@link TtrpcAddress#parse}. */
        Builder address(String address);

        Builder address(TtrpcAddress address);

        /** For each call that has no earlier one, from its start. Default: none. */
        Builder deadline(Duration deadline);

        /** Sent with each call, before its own. Default: none. */
        Builder metadata(Metadata metadata);

        /** Stands around each call, the first outermost. May be called several times. */
        Builder intercept(ClientInterceptor... interceptors);

        /** Where futures complete and subscribers are called. Default: the connection's event loop, on which nothing may wait. */
        Builder callbackExecutor(Executor executor);

        /** How long one attempt to connect may take. Default: 5 s. */
        Builder connectTimeout(Duration timeout);

        /** Whether calls wait for a connection until their deadline instead of failing with the attempt. Default: false. */
        Builder waitForReady(boolean waitForReady);

        /** The waits between attempts. Default: {@link ReconnectPolicy#DEFAULT}. */
        Builder reconnect(ReconnectPolicy policy);

        /** Which calls that failed are made again, and when. Default: {@link RetryPolicy#NONE}. */
        Builder retry(RetryPolicy policy);

        /** The largest message either way, 4 KiB to 16 MiB - 1 bytes. Default: 4 MiB, which other implementations insist on. */
        Builder maxMessageSize(int bytes);

        /** What the connection may hold received and not yet taken, at least twice the largest message. Default: 16 MiB. */
        Builder receiveBudget(long bytes);

        /** What the connection may hold encoded and not yet written. Default: 1 MiB. */
        Builder sendBudget(long bytes);

        /** How long a full receive budget is borne before the stream that holds most fails. Default: 1 s. */
        Builder stallTimeout(Duration timeout);

        /** The event loops and transports. Default: {@link TransportResources#shared()}. */
        Builder resources(TransportResources resources);

        /**
         * Makes the channel. It does not connect.
         *
         * @throws IllegalArgumentException for an address that is missing or wrong, or values out of their ranges
         */
        TtrpcChannel build();
    }
}
