package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A service of all four kinds of method whose handlers do nothing but take what comes, until a test tells each of them what to do. */
final class HeldCalls {
    static final String SERVICE = "test.Held";

    private static final MethodDescriptor<String, String> ECHO =
            MethodDescriptor.unary(SERVICE, "Echo", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> SPLIT =
            MethodDescriptor.serverStreaming(SERVICE, "Split", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> JOIN =
            MethodDescriptor.clientStreaming(SERVICE, "Join", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> CHAT =
            MethodDescriptor.bidiStreaming(SERVICE, "Chat", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private final BlockingQueue<Held> begun = new LinkedBlockingQueue<>();
    private final List<Held> all = new CopyOnWriteArrayList<>();

    ServiceDefinition service(Stack stack) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(SERVICE);
        if (stack.isAsync()) {
            builder.unaryAsync(ECHO, request -> begin().took(request).end)
                    .serverStreamingAsync(SPLIT, request -> publisher(new Held().took(request)))
                    .clientStreamingAsync(JOIN, requests -> begin().readingLater(requests).end)
                    .bidiStreamingAsync(CHAT, requests -> publisher(new Held().readingLater(requests)));
        } else {
            builder.unary(ECHO, request -> begin().took(request).await())
                    .serverStreaming(
                            SPLIT,
                            (request, writer) -> begin(writer).took(request).await())
                    .clientStreaming(JOIN, requests -> begin().reading(requests).await())
                    .bidiStreaming(
                            CHAT,
                            (requests, writer) ->
                                    begin(writer).reading(requests).await());
        }
        if (stack == Stack.NON_BLOCKING) {
            builder.onEventLoop(ECHO, request -> false); // it waits
        } else if (stack == Stack.ASYNC_ON_LOOP) {
            builder.onEventLoop();
        }
        return builder.build();
    }

    private Held begin() {
        return begun(new Held());
    }

    private Held begin(MessageWriter<String> writer) {
        Held held = new Held();
        held.writer = writer;
        return begun(held);
    }

    private Held begun(Held held) {
        all.add(held);
        begun.add(held);
        if (held.isPastItsDeadline() && begun.remove(held)) {
            held.cancelled.thenRun(held::letGo); // and not before, or its failure would be the answer
        }
        return held;
    }

    private Flow.Publisher<String> publisher(Held held) {
        return subscriber -> {
            SubmissionPublisher<String> messages = new SubmissionPublisher<>(Runnable::run, 1024);
            messages.subscribe(subscriber);
            held.writer = messages::submit;
            held.end.whenComplete((end, failure) -> {
                if (failure == null) {
                    messages.close();
                } else {
                    messages.closeExceptionally(failure);
                }
            });
            begun(held);
        };
    }

    /** The next call whose handler has begun. */
    Held next() throws InterruptedException {
        return Objects.requireNonNull(begun.poll(10, TimeUnit.SECONDS), "no handler was begun");
    }

    private @Nullable Held next(long nanos) throws InterruptedException {
        return begun.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /** How many handlers were begun up to now. */
    int count() {
        return all.size();
    }

    /**
     * Opens a call with a deadline soon, but not before its handler has begun: a busy machine may take more than one attempt. The handlers of attempts that have failed
     * are let go, also those that begin later.
     */
    Held nextUntilDeadline(RawClient client, int id, Kind kind, int flags, long nanos) throws Exception {
        for (long soon = nanos; ; soon *= 4) {
            client.send(id, RawClient.REQUEST, flags, RawClient.requestBody(SERVICE, kind.method, "", soon));
            Held held = next(soon);
            if (held != null) {
                return held;
            }
            assertThat(client.read().words()).isEqualTo(id + " Response 0 DEADLINE_EXCEEDED context deadline exceeded");
            for (Held late = next(0); late != null; late = next(0)) {
                late.letGo();
            }
        }
    }

    /** Lets every handler go that a test has left, and waits for them. */
    void release(TtrpcServer server) {
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> {
            all.forEach(Held::letGo); // again, because one may have begun meanwhile
            return server.runningHandlers() == 0;
        });
    }

    /** One call, in the hands of the test. */
    static final class Held {
        final CallContext context = Objects.requireNonNull(CallContext.current());
        /** Messages, and then {@code (end)} or the code of the failure in brackets. */
        final List<String> taken = new CopyOnWriteArrayList<>();

        final CompletableFuture<Status> cancelled = new CompletableFuture<>();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private volatile MessageWriter<String> writer;

        Held() {
            context.onCancel(cancelled::complete);
        }

        private boolean isPastItsDeadline() {
            Deadline deadline = context.deadline();
            return deadline != null && deadline.isExpired();
        }

        private void letGo() {
            end.cancel(false);
        }

        void write(String message) {
            writer.write(message);
        }

        /** Answers a call with one answer, or ends a stream. */
        void end(String answer) {
            end.complete(answer);
        }

        void fail(Throwable failure) {
            end.completeExceptionally(failure);
        }

        /** Why the call was cancelled, once it is. */
        Status cancelled() throws Exception {
            return cancelled.get(10, TimeUnit.SECONDS);
        }

        private Held took(String request) {
            taken.add(request);
            return this;
        }

        private String await() throws Exception {
            try {
                return end.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw (Exception) e.getCause();
            }
        }

        /** A thread of its own reads, so that the handler's can end the call meanwhile. */
        private Held reading(MessageReader<String> requests) {
            Thread reader = new Thread(() -> {
                try {
                    requests.forEach(taken::add);
                    taken.add("(end)");
                } catch (TtrpcException e) {
                    taken.add("(" + e.status().code() + ")");
                }
            });
            reader.setDaemon(true);
            reader.start();
            return this;
        }

        private Held readingLater(Flow.Publisher<String> requests) {
            requests.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(String message) {
                    taken.add(message);
                }

                @Override
                public void onError(Throwable failure) {
                    taken.add("(" + ((TtrpcException) failure).status().code() + ")");
                }

                @Override
                public void onComplete() {
                    taken.add("(end)");
                }
            });
            return this;
        }
    }
}
