package dev.ttrpc.internal.client;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.internal.connection.InboundPublisher;
import dev.ttrpc.internal.connection.OutboundSubscriber;
import dev.ttrpc.internal.connection.Parsing;
import dev.ttrpc.internal.logging.FailureLog;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.ReceiveBudget;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The async half of a channel: futures and publishers. */
final class AsyncCalls {
    private static final Logger log = LoggerFactory.getLogger(AsyncCalls.class);

    private static final Status STALLED =
            Status.RESOURCE_EXHAUSTED.withDescription("call stalled: its answer was not taken in time");

    private final NettyChannel channel;

    AsyncCalls(NettyChannel channel) {
        this.channel = channel;
    }

    <Q, P> CompletableFuture<P> unary(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        Objects.requireNonNull(request, "request");
        FutureAnswer<Q, P> answer = new FutureAnswer<>(method, channel);
        return answer.run(new OutgoingCall<>(channel, method, options, call -> {
            ClientStream<Q, P> stream = call.open(request, null, answer);
            answer.begin(call, stream);
            send(stream);
        }));
    }

    <Q, P> CompletableFuture<P> clientStreaming(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        Objects.requireNonNull(requests, "requests");
        FutureAnswer<Q, P> answer = new FutureAnswer<>(method, channel);
        return answer.run(new OutgoingCall<>(channel, method, options, call -> {
            ClientStream<Q, P> stream = call.open(null, null, answer);
            answer.begin(call, stream);
            answer.requests =
                    new Requests<>(stream, method, requests, channel.config().callbackExecutor());
            send(stream);
        }));
    }

    <Q, P> Flow.Publisher<P> serverStreaming(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        Objects.requireNonNull(request, "request");
        return subscriber -> subscribe(method, request, null, options, subscriber);
    }

    <Q, P> Flow.Publisher<P> bidiStreaming(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        Objects.requireNonNull(requests, "requests");
        return subscriber -> subscribe(method, null, requests, options, subscriber);
    }

    private <Q, P> void subscribe(
            MethodDescriptor<Q, P> method,
            @Nullable Q request,
            Flow.@Nullable Publisher<Q> requests,
            CallOptions options,
            Flow.Subscriber<? super P> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        StreamAnswer<Q, P> answer = new StreamAnswer<>();
        InboundQueue input = new InboundQueue(channel.receiveBudget());
        OutgoingCall<Q, P> call = new OutgoingCall<>(channel, method, options, started -> {
            ClientStream<Q, P> stream = started.open(request, input, answer);
            answer.begin(started, stream);
            Executor executor = channel.config().callbackExecutor();
            if (requests != null) {
                answer.requests = new Requests<>(stream, method, requests, executor);
            }
            new InboundPublisher<>(
                            stream,
                            input,
                            method.responseMarshaller(),
                            executor == null ? channel.queue()::execute : executor)
                    .subscribe(subscriber);
            send(stream);
        });
        try {
            call.run();
        } catch (RuntimeException e) {
            if (answer.isBegun()) {
                FailureLog.error(log, "An interceptor failed, and its call of " + method + " is cancelled", e);
            } else {
                refuse(subscriber, e);
            }
            return;
        }
        CallEnd refused = call.endedWithout();
        if (refused != null) {
            refuse(subscriber, refused.exception());
        }
    }

    private static void refuse(Flow.Subscriber<?> subscriber, Throwable failure) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(failure);
    }

    /** Reserves output for the Request and hands it over then. */
    private static void send(ClientStream<?, ?> stream) {
        stream.followCause();
        int frame;
        try {
            frame = stream.requestFrame();
        } catch (TtrpcException e) {
            stream.fail(e.status());
            return;
        }
        stream.handWhenGranted(frame);
    }

    /** Feeds the messages of a publisher to a call, from when it is open to when it has ended. */
    private static final class Requests<Q> {
        private final Flow.Publisher<Q> publisher;
        private final OutboundSubscriber<Q> subscriber;
        private final @Nullable Executor executor;

        Requests(
                ClientStream<Q, ?> stream,
                MethodDescriptor<Q, ?> method,
                Flow.Publisher<Q> publisher,
                @Nullable Executor executor) {
            this.publisher = publisher;
            this.executor = executor;
            this.subscriber =
                    new OutboundSubscriber<>(stream, method.requestMarshaller(), new OutboundSubscriber.Ending() {
                        @Override
                        public void completed() {
                            stream.finishSending();
                        }

                        @Override
                        public void failed(Throwable failure) {
                            stream.fail(Status.CANCELLED
                                    .withDescription("the publisher of requests failed: " + failure)
                                    .withCause(failure));
                        }

                        @Override
                        public boolean failsAtOnce() {
                            return true;
                        }
                    });
        }

        void begin() {
            if (executor == null) {
                subscribe();
                return;
            }
            try {
                executor.execute(this::subscribe);
            } catch (RuntimeException e) {
                subscriber.onError(e);
            }
        }

        private void subscribe() {
            try {
                publisher.subscribe(subscriber);
            } catch (RuntimeException | Error e) {
                subscriber.onError(e);
            }
        }

        void end() {
            subscriber.callEnded();
        }
    }

    /** Completes a future with the one message of an answer. */
    private static final class FutureAnswer<Q, P> implements ResponseListener {
        private final MethodDescriptor<?, P> method;
        private final @Nullable Executor executor;
        private final ReceiveBudget budget;
        private final CompletableFuture<P> future = new CompletableFuture<>();
        private @Nullable OutgoingCall<Q, P> call;
        private @Nullable ClientStream<Q, P> stream;
        private @Nullable Requests<Q> requests;
        private @Nullable InboundQueue held; // the answer, while it waits for the executor
        private @Nullable P parsed;
        private @Nullable TtrpcException unparsable;

        FutureAnswer(MethodDescriptor<?, P> method, NettyChannel channel) {
            this.method = method;
            this.executor = channel.config().callbackExecutor();
            this.budget = channel.receiveBudget();
        }

        CompletableFuture<P> run(OutgoingCall<Q, P> started) {
            try {
                started.run();
            } catch (RuntimeException e) {
                future.completeExceptionally(e);
                return future;
            }
            CallEnd refused = started.endedWithout();
            if (refused != null) {
                future.completeExceptionally(refused.exception());
            }
            return future;
        }

        void begin(OutgoingCall<Q, P> call, ClientStream<Q, P> stream) {
            this.call = call;
            this.stream = stream;
            future.whenComplete((answer, failure) -> {
                if (stream.end() == null) {
                    stream.cancel("the caller gave the call up");
                }
            });
        }

        @Override
        public void opened() {
            if (requests != null) {
                requests.begin();
            }
        }

        @Override
        public void answered(ByteBuf buffer, int index, int length) {
            if (executor != null) {
                InboundQueue waiting = new InboundQueue(budget);
                waiting.onStall(() -> waiting.endNow(STALLED));
                waiting.add(InboundMessage.of(buffer, index, length));
                held = waiting;
                return;
            }
            try {
                parsed = Parsing.parse(buffer.internalNioBuffer(index, length), method.responseMarshaller());
            } catch (TtrpcException e) {
                unparsable = e;
            }
        }

        @Override
        public void ended() {
            if (requests != null) {
                requests.end();
            }
            if (executor == null) {
                complete();
                return;
            }
            try {
                executor.execute(this::complete);
            } catch (RuntimeException e) {
                log.warn(
                        "The callback executor refused the answer of {}, which completes on the event loop", method, e);
                complete();
            }
        }

        private void complete() {
            OutgoingCall<Q, P> ended = Objects.requireNonNull(call);
            CallEnd end = Objects.requireNonNull(Objects.requireNonNull(stream).end());
            if (!end.status().isOk()) {
                ended.fireEnd(end.status());
                future.completeExceptionally(end.exception());
                return;
            }
            InboundQueue waited = held;
            if (waited != null) {
                held = null;
                InboundMessage received = waited.poll();
                waited.discard();
                try {
                    if (received == null) {
                        throw CallEnd.byLibrary(STALLED).exception();
                    }
                    parsed = Parsing.take(received, method.responseMarshaller());
                } catch (TtrpcException e) {
                    unparsable = e;
                }
            }
            if (unparsable != null) {
                ended.fireEnd(unparsable.status());
                future.completeExceptionally(unparsable);
            } else {
                P answer = Objects.requireNonNull(parsed);
                try {
                    ended.received(answer);
                } catch (RuntimeException | Error e) {
                    ended.fireEnd(Status.UNKNOWN.withCause(e));
                    future.completeExceptionally(e);
                    return;
                }
                ended.fireEnd(Status.OK);
                future.complete(answer);
            }
        }
    }

    /** Follows a call whose answer is a stream. */
    private static final class StreamAnswer<Q, P> implements ResponseListener {
        private @Nullable OutgoingCall<Q, P> call;
        private @Nullable ClientStream<Q, P> stream;
        private @Nullable Requests<Q> requests;

        void begin(OutgoingCall<Q, P> call, ClientStream<Q, P> stream) {
            this.call = call;
            this.stream = stream;
        }

        boolean isBegun() {
            return stream != null;
        }

        @Override
        public void opened() {
            if (requests != null) {
                requests.begin();
            }
        }

        @Override
        public void answered(ByteBuf buffer, int index, int length) {
            throw new IllegalStateException("a stream has no single answer");
        }

        @Override
        public void ended() {
            if (requests != null) {
                requests.end();
            }
            Objects.requireNonNull(call)
                    .fireEnd(Objects.requireNonNull(
                                    Objects.requireNonNull(stream).end())
                            .status());
        }
    }
}
