package dev.ttrpc.server;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The code that serves one method: one of eight shapes, for four kinds of method in two contracts.
 *
 * @param <Q> the request message
 * @param <P> the response message
 */
public sealed interface MethodHandler<Q, P> {
    /** Blocking, unary. */
    @FunctionalInterface
    non-sealed interface Unary<Q, P> extends MethodHandler<Q, P> {
        @Nullable
        P handle(Q request) throws Exception;
    }

    /** Blocking, server streaming. */
    @FunctionalInterface
    non-sealed interface ServerStreaming<Q, P> extends MethodHandler<Q, P> {
        void handle(Q request, MessageWriter<P> responses) throws Exception;
    }

    /** Blocking, client streaming. */
    @FunctionalInterface
    non-sealed interface ClientStreaming<Q, P> extends MethodHandler<Q, P> {
        @Nullable
        P handle(MessageReader<Q> requests) throws Exception;
    }

    /** Blocking, bidirectional. */
    @FunctionalInterface
    non-sealed interface BidiStreaming<Q, P> extends MethodHandler<Q, P> {
        void handle(MessageReader<Q> requests, MessageWriter<P> responses) throws Exception;
    }

    /** Async, unary. */
    @FunctionalInterface
    non-sealed interface AsyncUnary<Q, P> extends MethodHandler<Q, P> {
        @Nullable
        CompletionStage<P> handle(Q request);
    }

    /** Async, server streaming. */
    @FunctionalInterface
    non-sealed interface AsyncServerStreaming<Q, P> extends MethodHandler<Q, P> {
        Flow.@Nullable Publisher<P> handle(Q request);
    }

    /** Async, client streaming. */
    @FunctionalInterface
    non-sealed interface AsyncClientStreaming<Q, P> extends MethodHandler<Q, P> {
        @Nullable
        CompletionStage<P> handle(Flow.Publisher<Q> requests);
    }

    /** Async, bidirectional. */
    @FunctionalInterface
    non-sealed interface AsyncBidiStreaming<Q, P> extends MethodHandler<Q, P> {
        Flow.@Nullable Publisher<P> handle(Flow.Publisher<Q> requests);
    }
}
