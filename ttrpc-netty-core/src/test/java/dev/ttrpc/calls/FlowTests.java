package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Memory is bounded, order is kept, and every wait ends. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class FlowTests {
    private static final MethodDescriptor<String, String> SINK =
            MethodDescriptor.clientStreaming("test.Flow", "Sink", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> SOURCE =
            MethodDescriptor.serverStreaming("test.Flow", "Source", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private static final MethodDescriptor<String, String> FLOOD =
            MethodDescriptor.bidiStreaming("test.Flow", "Flood", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final int FLOODED = 5000;

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger written = new AtomicInteger();
    private final List<AutoCloseable> closed = new ArrayList<>();

    /** Sink takes nothing before the latch opens; Source writes 100,000 messages of 1 KiB and counts them; Flood takes nothing before it has written all. */
    private final ServiceDefinition flow = ServiceDefinition.builder("test.Flow")
            .clientStreaming(SINK, messages -> {
                open.await();
                int count = 0;
                for (String ignored : messages) {
                    count++;
                }
                return String.valueOf(count);
            })
            .serverStreaming(SOURCE, (request, messages) -> {
                String message = "x".repeat(1024);
                for (int i = 0; i < 100_000; i++) {
                    messages.write(message);
                    written.incrementAndGet();
                }
            })
            .bidiStreaming(FLOOD, (requests, answers) -> {
                String message = "x".repeat(10_000);
                for (int i = 0; i < FLOODED; i++) {
                    answers.write(message);
                }
                int count = 0;
                for (String ignored : requests) {
                    count++;
                }
                answers.write(String.valueOf(count));
            })
            .build();

    @AfterEach
    void close() throws Exception {
        open.countDown();
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    private TtrpcServer serve(TtrpcServer.Builder builder) throws Exception {
        TtrpcServer server = builder.listen("tcp://127.0.0.1:0")
                .service(flow, Texts.blocking())
                .build()
                .start();
        closed.add(server);
        return server;
    }

    private TtrpcChannel connect(TtrpcServer server, TtrpcChannel.Builder builder) {
        TtrpcChannel channel = builder.address(server.addresses().get(0)).build();
        closed.add(channel);
        return channel;
    }

    @Test
    void writerWaitsForAReaderThatDoesNotRead() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel =
                connect(server, TtrpcChannel.builder().receiveBudget(8 << 20).stallTimeout(Duration.ofMinutes(1)));
        MessageReader<String> messages = channel.serverStreaming(SOURCE, "", CallOptions.DEFAULT);
        AtomicInteger before = new AtomicInteger(-1);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(30))
                .until(() -> before.getAndSet(written.get()) == written.get() && written.get() > 0);
        // budget of the reader, of the writer, and what the kernel keeps
        assertThat(written.get()).isLessThan(40_000);
        int count = 0;
        for (String ignored : messages) {
            count++;
        }
        assertThat(count).isEqualTo(100_000);
    }

    @Test
    void stalledStreamFailsAndTheOthersGoOn() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder().receiveBudget(8 << 20).stallTimeout(Duration.ofMillis(100)));
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        UploadCall<String, String> stalled = channel.clientStreaming(SINK, CallOptions.DEFAULT);
        String message = "x".repeat(64 << 10);
        TtrpcException failure = catchThrowableOfType(TtrpcException.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                stalled.write(message);
            }
        });
        assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure.status().description()).startsWith("stream stalled");
        assertThat(channel.unary(Texts.ECHO, "next", CallOptions.DEFAULT)).isEqualTo("next");
    }

    @Test
    void whatFitsTheBudgetWaitsForItsConsumer() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder().stallTimeout(Duration.ofMillis(50)));
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        UploadCall<String, String> upload = channel.clientStreaming(SINK, CallOptions.DEFAULT);
        for (int i = 0; i < 10_000; i++) {
            upload.write("m");
        }
        assertThat(channel.unary(Texts.ECHO, "beside", CallOptions.DEFAULT)).isEqualTo("beside");
        open.countDown();
        assertThat(upload.finish()).isEqualTo("10000");
    }

    @Test
    void twoThatFloodEachOtherOnAChatBothFinish() throws Exception {
        flood(TtrpcServer.builder());
        flood(TtrpcServer.builder()
                .listen("in-process:flood")); // where nothing lies between them but what they hold themselves
    }

    private void flood(TtrpcServer.Builder builder) throws Exception {
        TtrpcServer server = serve(builder.receiveBudget(8 << 20).stallTimeout(Duration.ofMinutes(1)));
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().stallTimeout(Duration.ofMinutes(1)));
        DuplexCall<String, String> chat = channel.bidiStreaming(FLOOD, CallOptions.DEFAULT);
        CompletableFuture<String> read = CompletableFuture.supplyAsync(
                () -> {
                    for (int i = 0; i < FLOODED; i++) {
                        assertThat(chat.read()).hasSize(10_000);
                    }
                    return chat.read();
                },
                task -> new Thread(task).start());
        String message = "y".repeat(10_000);
        for (int i = 0; i < FLOODED; i++) {
            chat.write(message);
        }
        chat.finish();
        assertThat(read.get(50, TimeUnit.SECONDS)).isEqualTo(String.valueOf(FLOODED));
    }

    @Test
    void twoHundredLargeAnswersAtOnceAllArrive() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().stallTimeout(Duration.ofMinutes(1)));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(channel.unaryAsync(Texts.ECHO, "repeat 1048576", CallOptions.DEFAULT));
        }
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(50, TimeUnit.SECONDS)).hasSize(1 << 20);
        }
    }

    @Test
    void callsOnClosedEventLoopsFailAndTheChannelStillCloses() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        dev.ttrpc.transport.TransportResources resources = dev.ttrpc.transport.TransportResources.builder()
                .eventLoopThreads(1)
                .build();
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().resources(resources));
        assertThat(channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT)).isEqualTo("a");
        resources.close();
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowableOfType(
                            TtrpcException.class, () -> channel.unary(Texts.ECHO, "b", CallOptions.DEFAULT)))
                    .isInstanceOf(dev.ttrpc.ConnectionLostException.class);
            assertThat(channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT)).isCompletedExceptionally();
        }
        channel.close();
        assertThat(channel.liveCalls()).isZero();
    }

    @Test
    void answerThatArrivesWhileItsCallerLooksIsTaken() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 5000; i++) {
                            assertThat(channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT))
                                    .isEqualTo("a");
                        }
                        for (int i = 0; i < 1000; i++) {
                            assertThat(channel.serverStreaming(Texts.SPLIT, "a b", CallOptions.DEFAULT))
                                    .containsExactly("a", "b");
                        }
                    },
                    task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> caller : callers) {
            caller.get(50, TimeUnit.SECONDS);
        }
    }

    @Test
    void endOfAPublisherStaysBehindTheMessagesThatWaitForOutput() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().sendBudget(1000));
        String message = "x".repeat(5000);
        List<CompletableFuture<String>> joined = new ArrayList<>();
        for (int call = 0; call < 50; call++) {
            joined.add(channel.clientStreamingAsync(
                    Texts.JOIN,
                    subscriber -> subscriber.onSubscribe(new Counted(subscriber, message, 5)),
                    CallOptions.DEFAULT));
        }
        for (CompletableFuture<String> answer : joined) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).hasSize(5 * 5000 + 4);
        }
    }

    /** Publishes one message so many times, and its end with the last of them. */
    private static final class Counted implements Flow.Subscription {
        private final Flow.Subscriber<? super String> subscriber;
        private final String message;
        private int left;

        Counted(Flow.Subscriber<? super String> subscriber, String message, int left) {
            this.subscriber = subscriber;
            this.message = message;
            this.left = left;
        }

        @Override
        public void request(long n) {
            left--;
            boolean last = left == 0;
            subscriber.onNext(message);
            if (last) {
                subscriber.onComplete();
            }
        }

        @Override
        public void cancel() {}
    }

    @Test
    void clientThatNeverReadsHoldsNobodyElseUp() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        try (RawClient deaf = new RawClient(server.addresses().get(0))) {
            for (int i = 0; i < 200; i++) {
                deaf.request(1 + 2 * i, "Echo", "repeat 1000000");
            }
            TtrpcChannel channel = connect(server, TtrpcChannel.builder());
            for (int i = 0; i < 100; i++) {
                assertThat(channel.unary(Texts.ECHO, "m" + i, CallOptions.DEFAULT))
                        .isEqualTo("m" + i);
            }
        }
        Awaitility.await().until(() -> server.liveCalls() == 0);
    }

    @Test
    void cancelledUploadIsNeverSeenAsComplete() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        MethodDescriptor<String, String> method =
                MethodDescriptor.clientStreaming("test.Seen", "Take", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(ServiceDefinition.builder("test.Seen")
                        .clientStreaming(method, messages -> {
                            try {
                                for (String ignored : messages) {
                                    continue;
                                }
                                seen.complete("complete");
                            } catch (TtrpcException e) {
                                seen.complete(e.status().code().name());
                                throw e;
                            }
                            return "";
                        })
                        .build())
                .build()
                .start();
        closed.add(server);
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        try (UploadCall<String, String> upload = channel.clientStreaming(method, CallOptions.DEFAULT)) {
            upload.write("a part");
            Awaitility.await().until(() -> server.runningHandlers() == 1);
        }
        Awaitility.await().until(() -> channel.liveCalls() == 0);
        channel.close();
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("CANCELLED");
    }

    @Test
    void messageThatIsTooLargeIsWhatEndsItsUpload() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        CompletableFuture<Status> ended = new CompletableFuture<>();
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().intercept((call, next) -> {
            call.onEnd(ended::complete);
            next.proceed(call);
        }));
        try (UploadCall<String, String> upload = channel.clientStreaming(SINK, CallOptions.DEFAULT)) {
            TtrpcException refused =
                    catchThrowableOfType(TtrpcException.class, () -> upload.write("x".repeat((4 << 20) + 1)));
            assertThat(refused.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        }
        assertThat(ended.get(10, TimeUnit.SECONDS).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void blockingCallOnAnEventLoopThrowsAtOnce() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> thrown = new CompletableFuture<>();
        channel.onStateChange(state -> {
            try {
                channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT);
                thrown.complete("nothing");
            } catch (IllegalStateException e) {
                thrown.complete(e.getMessage());
            }
        });
        channel.connect();
        assertThat(thrown.get(10, TimeUnit.SECONDS)).contains("callbackExecutor");
    }

    @Test
    void interruptedCallerCancelsItsCallAndKeepsTheFlag() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                channel.unary(Texts.ECHO, "hang", CallOptions.DEFAULT);
            } catch (TtrpcException e) {
                outcome.complete(
                        e.status().code() + " " + Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        Awaitility.await().until(() -> server.runningHandlers() == 1);
        caller.interrupt();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("CANCELLED true");
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }
}
