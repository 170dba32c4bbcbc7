package dev.ttrpc.calls;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The two ways to make a call, so that one test holds both to it. */
enum ClientApi {
    BLOCKING {
        @Override
        TestCall start(
                TtrpcChannel channel, MethodDescriptor<String, String> method, String request, CallOptions options) {
            return switch (method.type()) {
                case UNARY -> new BlockingAnswer(() -> channel.unary(method, request, options));
                case SERVER_STREAMING -> new BlockingStream(channel.serverStreaming(method, request, options), null);
                case CLIENT_STREAMING -> new BlockingUpload(channel.clientStreaming(method, options));
                case BIDI_STREAMING -> {
                    DuplexCall<String, String> call = channel.bidiStreaming(method, options);
                    yield new BlockingStream(call, call);
                }
            };
        }
    },
    ASYNC {
        @Override
        TestCall start(
                TtrpcChannel channel, MethodDescriptor<String, String> method, String request, CallOptions options) {
            Requests requests = new Requests();
            return switch (method.type()) {
                case UNARY -> new AsyncAnswer(channel.unaryAsync(method, request, options), requests);
                case SERVER_STREAMING ->
                    new AsyncStream(channel.serverStreamingAsync(method, request, options), requests);
                case CLIENT_STREAMING ->
                    new AsyncAnswer(channel.clientStreamingAsync(method, requests, options), requests);
                case BIDI_STREAMING -> new AsyncStream(channel.bidiStreamingAsync(method, requests, options), requests);
            };
        }
    };

    /**
     * Begins a call. It may have failed already, which its outcome says.
     *
     * @param request for methods whose request is one message
     */
    abstract TestCall start(
            TtrpcChannel channel, MethodDescriptor<String, String> method, String request, CallOptions options);

    /** A call that was begun. For one thread, the test's. */
    interface TestCall {
        /** Sends a message; nothing where the call is known to have ended. */
        void write(String message);

        /** Says that all is sent. */
        void finish();

        /** Gives the call up. */
        void cancel();

        /** Waits for the end and gives what was received before it. */
        Outcome outcome() throws Exception;
    }

    /** What a caller got: messages, and then the good end or a failure. */
    record Outcome(List<String> messages, @Nullable Throwable failure) {
        static Outcome of(Supplier<String> answer) {
            try {
                return new Outcome(List.of(answer.get()), null);
            } catch (TtrpcException e) {
                return new Outcome(List.of(), e);
            }
        }

        TtrpcException exception() {
            return (TtrpcException) java.util.Objects.requireNonNull(failure);
        }

        /** For example {@code [a, ""] OK} or {@code [] NOT_FOUND: no such thing}. */
        @Override
        public String toString() {
            List<String> shown = new ArrayList<>(messages);
            shown.replaceAll(message -> message.isEmpty() ? "\"\"" : message);
            return shown + " "
                    + (failure == null
                            ? "OK"
                            : failure instanceof TtrpcException e ? e.status().toString() : failure.toString());
        }
    }

    /** A caller that waits for one message on a thread of its own, which an interrupt ends. */
    private static final class BlockingAnswer implements TestCall {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final Thread caller;

        BlockingAnswer(Supplier<String> call) {
            caller = new Thread(() -> {
                try {
                    outcome.complete(Outcome.of(call));
                } catch (RuntimeException | Error e) {
                    outcome.completeExceptionally(e);
                }
            });
            caller.start();
        }

        @Override
        public void write(String message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void finish() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void cancel() {
            caller.interrupt();
        }

        @Override
        public Outcome outcome() throws Exception {
            return outcome.get(10, TimeUnit.SECONDS);
        }
    }

    static final class BlockingUpload implements TestCall {
        private final UploadCall<String, String> call;
        private @Nullable BlockingAnswer answer;

        BlockingUpload(UploadCall<String, String> call) {
            this.call = call;
        }

        @Override
        public void write(String message) {
            call.write(message);
        }

        @Override
        public void finish() {
            if (answer != null) {
                call.finish(); // which is a mistake
            }
            answer = new BlockingAnswer(call::finish);
        }

        @Override
        public void cancel() {
            if (answer != null) {
                answer.cancel();
            } else {
                call.close();
            }
        }

        void awaitEnd() {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(call::isEnded);
        }

        /** Without a {@link #finish} of the test's, that of a caller who sees that the call has ended. */
        @Override
        public Outcome outcome() throws Exception {
            if (answer == null) {
                awaitEnd();
                finish();
            }
            return java.util.Objects.requireNonNull(answer).outcome();
        }
    }

    private record BlockingStream(
            MessageReader<String> reader, @Nullable DuplexCall<String, String> duplex) implements TestCall {
        @Override
        public void write(String message) {
            writer().write(message);
        }

        private MessageWriter<String> writer() {
            return java.util.Objects.requireNonNull(duplex);
        }

        @Override
        public void finish() {
            java.util.Objects.requireNonNull(duplex).finish();
        }

        @Override
        public void cancel() {
            reader.close();
        }

        @Override
        public Outcome outcome() {
            List<String> messages = new ArrayList<>();
            try {
                reader.forEach(messages::add);
            } catch (TtrpcException e) {
                return new Outcome(messages, e);
            }
            return new Outcome(messages, null);
        }
    }

    private record AsyncAnswer(CompletableFuture<String> future, Requests requests) implements TestCall {
        @Override
        public void write(String message) {
            requests.publish(message);
        }

        @Override
        public void finish() {
            requests.complete();
        }

        @Override
        public void cancel() {
            future.cancel(true);
        }

        @Override
        public Outcome outcome() throws Exception {
            try {
                return new Outcome(List.of(future.get(10, TimeUnit.SECONDS)), null);
            } catch (ExecutionException e) {
                return new Outcome(List.of(), e.getCause());
            }
        }
    }

    private static final class AsyncStream implements TestCall, Flow.Subscriber<String> {
        private final Requests requests;
        private final List<String> messages = new ArrayList<>();
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        AsyncStream(Flow.Publisher<String> answers, Requests requests) {
            this.requests = requests;
            answers.subscribe(this);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription.complete(subscription);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            outcome.complete(new Outcome(messages, failure));
        }

        @Override
        public void onComplete() {
            outcome.complete(new Outcome(messages, null));
        }

        @Override
        public void write(String message) {
            requests.publish(message);
        }

        @Override
        public void finish() {
            requests.complete();
        }

        @Override
        public void cancel() {
            subscription.join().cancel();
        }

        @Override
        public Outcome outcome() throws Exception {
            return outcome.get(10, TimeUnit.SECONDS);
        }
    }

    /** A publisher that keeps what is published until it is asked for it. */
    static final class Requests implements Flow.Publisher<String>, Flow.Subscription {
        private final List<String> waiting = new ArrayList<>();
        private Flow.@Nullable Subscriber<? super String> subscriber;
        private long demand;
        private boolean complete;
        private boolean over;
        private boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {
            synchronized (this) {
                this.subscriber = subscriber;
            }
            subscriber.onSubscribe(this);
            drain();
        }

        void publish(String message) {
            synchronized (this) {
                waiting.add(message);
            }
            drain();
        }

        void complete() {
            synchronized (this) {
                complete = true;
            }
            drain();
        }

        /** Whether the call has told that it wants no more. */
        synchronized boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                demand += n;
            }
            drain();
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            over = true;
        }

        /** Under the lock, which keeps the signals serial; a call never waits in one. */
        private synchronized void drain() {
            while (subscriber != null && !over) {
                if (waiting.isEmpty()) {
                    if (complete) {
                        over = true;
                        subscriber.onComplete();
                    }
                    return;
                }
                if (demand == 0) {
                    return;
                }
                demand--;
                subscriber.onNext(waiting.remove(0));
            }
        }
    }
}
