package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What publishers publish arrives whole, and every subscriber is told the end, whatever the code of users does. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class PublishersTests {
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    private TtrpcServer serve(TtrpcServer.Builder builder, ServiceDefinition service) throws Exception {
        TtrpcServer server =
                builder.listen("tcp://127.0.0.1:0").service(service).build().start();
        closed.add(server);
        return server;
    }

    private TtrpcChannel connect(TtrpcServer server, TtrpcChannel.Builder builder) {
        TtrpcChannel channel = builder.address(server.addresses().get(0)).build();
        closed.add(channel);
        return channel;
    }

    /** Publishes on the thread that asks, and ends right behind the last message, as publishers may. */
    private static Flow.Publisher<String> of(Throwable failure, String... messages) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private int next;

            @Override
            public void request(long n) {
                for (long i = 0; i < n && next < messages.length; i++) {
                    String message = messages[next++];
                    boolean last = next == messages.length;
                    subscriber.onNext(message);
                    if (last && failure == null) {
                        subscriber.onComplete();
                    } else if (last) {
                        subscriber.onError(failure);
                    }
                }
            }

            @Override
            public void cancel() {}
        });
    }

    private static ServiceDefinition splits(Flow.Publisher<String> answer) {
        return ServiceDefinition.builder(Texts.SERVICE)
                .serverStreamingAsync(Texts.SPLIT, request -> answer)
                .onEventLoop()
                .build();
    }

    @Test
    void lastMessageThatWaitsForOutputGoesBeforeTheEndOfItsStream() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder().sendBudget(1), splits(of(null, "one", "two", "three")));
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        assertThat(Collector.collect(channel.serverStreamingAsync(Texts.SPLIT, "", CallOptions.DEFAULT)))
                .containsExactly("one", "two", "three");
    }

    @Test
    void lastMessageThatWaitsForOutputGoesBeforeTheFailureOfItsStream() throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder().sendBudget(1), splits(of(new IllegalStateException("told to"), "one", "two")));
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        Collector<String> collector = new Collector<>();
        channel.serverStreamingAsync(Texts.SPLIT, "", CallOptions.DEFAULT).subscribe(collector);
        assertThat(statusOf(collector)).isEqualTo(StatusCode.UNKNOWN);
        assertThat(collector.received).containsExactly("one", "two");
    }

    @Test
    void lastMessageThatWaitsForOutputGoesBeforeTheEndOfAnUpload() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().sendBudget(1));
        assertThat(channel.clientStreamingAsync(Texts.JOIN, of(null, "one", "two", "three"), CallOptions.DEFAULT)
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("one two three");
    }

    private static StatusCode statusOf(Collector<?> collector) throws Exception {
        try {
            collector.await();
            return StatusCode.OK;
        } catch (java.util.concurrent.ExecutionException e) {
            return ((TtrpcException) e.getCause()).status().code();
        }
    }

    @Test
    void subscriberIsToldWhenItsExecutorRefusesToDeliver() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        Executor refuses = task -> {
            throw new RejectedExecutionException("ended");
        };
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().callbackExecutor(refuses));
        Collector<String> collector = new Collector<>();
        channel.serverStreamingAsync(Texts.SPLIT, "a b", CallOptions.DEFAULT).subscribe(collector);
        assertThat(statusOf(collector)).isEqualTo(StatusCode.CANCELLED);
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }

    @Test
    void requestsThatCannotBeSubscribedToFailTheirCallOnly() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> broken = channel.clientStreamingAsync(
                Texts.JOIN,
                subscriber -> {
                    throw new IllegalStateException("not to be subscribed to");
                },
                CallOptions.DEFAULT);
        CompletableFuture<String> beside = channel.unaryAsync(Texts.ECHO, "beside", CallOptions.DEFAULT);
        assertThat(broken).failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(beside.get(10, TimeUnit.SECONDS)).isEqualTo("beside");
    }

    /** A subscription whose cancel throws. */
    private static Flow.Publisher<String> cannotBeCancelled() {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                throw new IllegalStateException("not to be cancelled");
            }
        });
    }

    @Test
    void connectionLossReachesEveryCallAlsoWhenAPublisherCannotBeCancelled() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(channel.clientStreamingAsync(Texts.JOIN, cannotBeCancelled(), CallOptions.DEFAULT));
        }
        Awaitility.await().until(() -> server.liveCalls() == 3);
        server.close();
        for (CompletableFuture<String> call : calls) {
            assertThat(call).failsWithin(java.time.Duration.ofSeconds(10));
        }
        assertThat(channel.liveCalls()).isZero();
    }

    @Test
    void connectionEndsAtTheServerAlsoWhenAPublisherCannotBeCancelled() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), splits(cannotBeCancelled()));
        try (RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Split", "a").request(3, "Split", "b");
            Awaitility.await().until(() -> server.liveCalls() == 2);
        }
        Awaitility.await().until(() -> server.liveCalls() == 0 && server.connections() == 0);
    }

    @Test
    void requestsOfAnAnsweredCallEnd() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        ServiceDefinition answersAtOnce = ServiceDefinition.builder(Texts.SERVICE)
                .clientStreamingAsync(Texts.JOIN, requests -> {
                    requests.subscribe(new Flow.Subscriber<>() {
                        @Override
                        public void onSubscribe(Flow.Subscription subscription) {
                            subscription.request(1);
                        }

                        @Override
                        public void onNext(String item) {}

                        @Override
                        public void onError(Throwable failure) {
                            told.complete(failure);
                        }

                        @Override
                        public void onComplete() {
                            told.complete(null);
                        }
                    });
                    return CompletableFuture.completedFuture("early");
                })
                .build();
        TtrpcServer server = serve(TtrpcServer.builder(), answersAtOnce);
        try (RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Join", "");
            client.read();
            assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(TtrpcException.class);
        }
    }

    @Test
    void readerThatOutlivesItsHandlerIsWoken() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        ServiceDefinition leavesAReader = ServiceDefinition.builder(Texts.SERVICE)
                .clientStreaming(Texts.JOIN, requests -> {
                    AtomicReference<Thread> reader = new AtomicReference<>();
                    Thread thread = new Thread(() -> {
                        try {
                            requests.read();
                            told.complete(null);
                        } catch (RuntimeException e) {
                            told.complete(e);
                        }
                    });
                    reader.set(thread);
                    thread.start();
                    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
                    return "early";
                })
                .build();
        TtrpcServer server = serve(TtrpcServer.builder(), leavesAReader);
        try (RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Join", "");
            client.read();
            assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(TtrpcException.class);
        }
    }

    @Test
    void whoSubscribesAfterTheServerWasClosedIsToldOfTheEnd() throws Exception {
        CompletableFuture<Flow.Publisher<String>> requests = new CompletableFuture<>();
        ServiceDefinition keepsThem = ServiceDefinition.builder(Texts.SERVICE)
                .clientStreamingAsync(Texts.JOIN, messages -> {
                    requests.complete(messages);
                    return new CompletableFuture<>();
                })
                .build();
        TtrpcServer server = serve(TtrpcServer.builder(), keepsThem);
        try (RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Join", "");
            Flow.Publisher<String> messages = requests.get(10, TimeUnit.SECONDS);
            server.close();
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            messages.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(String message) {}

                @Override
                public void onError(Throwable failure) {
                    end.complete(failure);
                }

                @Override
                public void onComplete() {}
            });
            assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(TtrpcException.class);
        }
    }
}
