package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Deadline;
import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wherever a call waits before it is sent, its deadline, its caller's interrupt, its cancellation and the end of its channel end the wait. */
@Timeout(30)
class ClientWaitsTests {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    /** What the call waits for. */
    enum Wait {
        A_CONNECTION,
        THE_NEXT_ATTEMPT_TO_CONNECT,
        OUTPUT
    }

    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    /** A channel on which every call waits for ever. */
    private TtrpcChannel waiting(Wait wait) throws Exception {
        if (wait == Wait.OUTPUT) {
            return withoutOutput();
        }
        HeldTransport transport = new HeldTransport();
        closed.add(transport);
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:waits")
                .resources(transport.resources())
                .connectTimeout(HOUR)
                .waitForReady(true)
                .reconnect(new ReconnectPolicy(HOUR, 1.0, HOUR, 0.0))
                .build();
        closed.add(channel);
        channel.connect();
        HeldTransport.Attempt attempt = transport.next();
        if (wait == Wait.THE_NEXT_ATTEMPT_TO_CONNECT) {
            attempt.fail("not now");
            quickly(() -> channel.statistics().connectionAttemptsFailed() == 1);
        }
        return channel;
    }

    private TtrpcChannel withoutOutput() throws Exception {
        RawServer deaf = new RawServer();
        closed.add(deaf);
        TtrpcChannel channel =
                TtrpcChannel.builder().address(deaf.address()).sendBudget(1000).build();
        closed.add(channel);
        for (int i = 0; i < 3; i++) { // more than the kernel takes, one behind the other
            channel.unaryAsync(Texts.ECHO, "x".repeat(4_000_000), CallOptions.DEFAULT);
        }
        deaf.accept();
        return channel;
    }

    private static void quickly(java.util.concurrent.Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(condition);
    }

    private static StatusCode codeOf(CompletableFuture<?> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
            return StatusCode.OK;
        } catch (ExecutionException e) {
            return ((TtrpcException) e.getCause()).status().code();
        }
    }

    /** Runs on a thread of its own, and tells how it failed and whether the thread is interrupted behind it. */
    private static CompletableFuture<String> onAThread(CompletableFuture<Thread> thread, Supplier<?> call) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread started = new Thread(() -> {
            try {
                outcome.complete("answered " + call.get());
            } catch (TtrpcException e) {
                outcome.complete(
                        e.status().code() + " " + Thread.currentThread().isInterrupted());
            }
        });
        started.start();
        thread.complete(started);
        return outcome;
    }

    private static List<Supplier<?>> blockingCalls(TtrpcChannel channel, CallOptions options) {
        return List.of(
                () -> channel.unary(Texts.ECHO, "a", options),
                () -> channel.serverStreaming(Texts.SPLIT, "a", options).read(),
                () -> channel.clientStreaming(Texts.JOIN, options).finish(),
                () -> channel.bidiStreaming(Texts.CHAT, options).read());
    }

    private static final class Ignored implements Flow.Publisher<String> {
        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {
            throw new AssertionError("the call has not begun");
        }
    }

    /** All kinds of async call, each as a future that completes as it ends. */
    private static List<CompletableFuture<?>> asyncCalls(TtrpcChannel channel, CallOptions options) {
        return List.of(
                channel.unaryAsync(Texts.ECHO, "a", options),
                channel.clientStreamingAsync(Texts.JOIN, new Ignored(), options),
                subscribe(channel.serverStreamingAsync(Texts.SPLIT, "a", options)),
                subscribe(channel.bidiStreamingAsync(Texts.CHAT, new Ignored(), options)));
    }

    /** Ends with the publisher; cancelling it cancels the subscription. */
    private static CompletableFuture<Void> subscribe(Flow.Publisher<String> publisher) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
                end.whenComplete((done, failure) -> {
                    if (end.isCancelled()) {
                        subscription.cancel();
                    }
                });
            }

            @Override
            public void onNext(String item) {
                end.completeExceptionally(new AssertionError("a message of a call that was not sent"));
            }

            @Override
            public void onError(Throwable failure) {
                end.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                end.complete(null);
            }
        });
        return end;
    }

    @ParameterizedTest
    @EnumSource
    void deadlineEndsTheWait(Wait wait) throws Exception {
        TtrpcChannel channel = waiting(wait);
        int before = channel.liveCalls();
        for (CompletableFuture<?> call : asyncCalls(channel, CallOptions.deadline(SHORT))) {
            assertThat(codeOf(call)).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        }
        for (Supplier<?> call : blockingCalls(channel, CallOptions.deadline(SHORT))) {
            assertThat(onAThread(new CompletableFuture<>(), call).get(10, TimeUnit.SECONDS))
                    .isEqualTo("DEADLINE_EXCEEDED false");
        }
        quickly(() -> channel.liveCalls() == before);
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsTheWaitAndKeepsTheFlag(Wait wait) throws Exception {
        TtrpcChannel channel = waiting(wait);
        int before = channel.liveCalls();
        for (Supplier<?> call : blockingCalls(channel, CallOptions.DEFAULT)) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<String> outcome = onAThread(thread, call);
            quickly(() -> thread.join().getState() == Thread.State.WAITING);
            assertThat(outcome).isNotDone();
            thread.join().interrupt();
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("CANCELLED true");
        }
        quickly(() -> channel.liveCalls() == before);
    }

    @ParameterizedTest
    @EnumSource
    void cancellationEndsTheWait(Wait wait) throws Exception {
        TtrpcChannel channel = waiting(wait);
        int before = channel.liveCalls();
        List<CompletableFuture<?>> calls = asyncCalls(channel, CallOptions.DEFAULT);
        assertThat(channel.liveCalls()).isEqualTo(before + 4);
        calls.forEach(call -> call.cancel(false));
        quickly(() -> channel.liveCalls() == before);
    }

    @ParameterizedTest
    @EnumSource
    void closingTheChannelEndsTheWait(Wait wait) throws Exception {
        TtrpcChannel channel = waiting(wait);
        List<CompletableFuture<?>> calls = asyncCalls(channel, CallOptions.DEFAULT);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<String> blocked =
                onAThread(thread, () -> channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT));
        quickly(() -> thread.join().getState() == Thread.State.WAITING);
        channel.close();
        for (CompletableFuture<?> call : calls) {
            assertThat(call)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ConnectionLostException.class)
                    .satisfies(e -> assertThat(((ConnectionLostException) e.getCause()).neverSent())
                            .isTrue());
        }
        assertThat(blocked.get(10, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE false");
        assertThat(channel.liveCalls()).isZero();
    }

    /** Cannot be encoded, and does something first, with its output reserved. Above 16 KiB that is on the caller's thread. */
    private static MethodDescriptor<String, String> unencodable(Runnable first) {
        return MethodDescriptor.unary(
                Texts.SERVICE,
                "Echo",
                new Marshaller<>() {
                    @Override
                    public int size(String message) {
                        return 20_000;
                    }

                    @Override
                    public void write(String message, ByteBuffer target) {
                        first.run();
                        throw new IllegalStateException(message);
                    }

                    @Override
                    public String parse(ByteBuffer source) {
                        throw new AssertionError("a request is not parsed");
                    }
                },
                TextMarshaller.INSTANCE);
    }

    @Test
    void callThatWaitsForOutputIsNotOvertakenByTheNextOneOfItsCaller() throws Exception {
        RawServer server = new RawServer();
        closed.add(server);
        HeldTransport transport = new HeldTransport();
        closed.add(transport);
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:waits")
                .resources(transport.resources())
                .sendBudget(1000)
                .build();
        closed.add(channel);
        CountDownLatch both = new CountDownLatch(1);
        CompletableFuture<Void> busy = channel.connect().thenRun(() -> awaitUnchecked(both));
        transport.next().connect(server.address());
        RawServer.Connection connection = server.accept();
        CompletableFuture<String> failed = channel.unaryAsync(
                unencodable(() -> channel.unaryAsync(Texts.ECHO, "first", CallOptions.DEFAULT)),
                "used up all output",
                CallOptions.DEFAULT);
        channel.unaryAsync(Texts.ECHO, "second", CallOptions.DEFAULT);
        assertThat(busy).isNotDone(); // the event loop has heard of neither
        both.countDown();
        assertThat(codeOf(failed)).isEqualTo(StatusCode.INTERNAL);
        assertThat(connection.read().text()).contains("first");
        assertThat(connection.read().text()).contains("second");
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void deadlineEndsAWriteToAPeerThatDoesNotRead() throws Exception {
        try (RawServer deaf = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(deaf.address()).build()) {
            CompletableFuture<String> outcome = onAThread(new CompletableFuture<>(), () -> {
                UploadCall<String, String> upload =
                        channel.clientStreaming(Texts.JOIN, CallOptions.deadline(Duration.ofSeconds(1)));
                while (true) {
                    upload.write("x".repeat(1_000_000));
                }
            });
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("DEADLINE_EXCEEDED false");
        }
    }

    @Test
    void interruptEndsAWriteToAPeerThatDoesNotRead() throws Exception {
        try (RawServer deaf = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(deaf.address()).build()) {
            UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<String> outcome = onAThread(thread, () -> {
                while (true) {
                    upload.write("x".repeat(1_000_000));
                }
            });
            deaf.accept();
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                StackTraceElement[] stack = thread.join().getStackTrace();
                return Arrays.stream(stack).anyMatch(at -> at.getClassName().endsWith(".MessageSender"))
                        && thread.join().getState() == Thread.State.WAITING;
            });
            thread.join().interrupt();
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("CANCELLED true");
            quickly(() -> channel.liveCalls() == 0);
        }
    }

    @Test
    void durationBeginsWithEachCall() throws Exception {
        List<Deadline> deadlines = new ArrayList<>();
        try (RawServer server = new RawServer();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(server.address())
                        .deadline(HOUR.multipliedBy(2))
                        .intercept((call, next) -> deadlines.add(call.deadline()))
                        .build()) {
            CallOptions options = CallOptions.deadline(HOUR);
            Flow.Publisher<String> cold = channel.serverStreamingAsync(Texts.SPLIT, "a", options);
            for (int i = 0; i < 2; i++) {
                Deadline earliest = Deadline.after(HOUR);
                subscribe(cold);
                assertThat(deadlines.get(i)).isGreaterThanOrEqualTo(earliest);
                assertThat(deadlines.get(i)).isLessThan(Deadline.after(HOUR.plusMinutes(1)));
            }
        }
    }

    @Test
    void timesBeyondAllCountingAreVeryLongOnes() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        try (RawServer server = new RawServer();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(server.address())
                        .deadline(forever)
                        .connectTimeout(forever)
                        .stallTimeout(forever)
                        .reconnect(new ReconnectPolicy(forever, 1e300, forever, 1.0))
                        .build()) {
            List<CompletableFuture<String>> calls = List.of(
                    channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT),
                    channel.unaryAsync(Texts.ECHO, "a", CallOptions.deadline(forever)),
                    channel.unaryAsync(
                            Texts.ECHO, "a", CallOptions.DEFAULT.withDeadline(Deadline.afterNanos(Long.MAX_VALUE))));
            RawServer.Connection connection = server.accept();
            for (CompletableFuture<String> call : calls) {
                connection.answer(connection.read().id(), "b");
                assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("b");
            }
            assertThat(channel.shutdown(forever)).succeedsWithin(Duration.ofSeconds(10));
        }
    }
}
