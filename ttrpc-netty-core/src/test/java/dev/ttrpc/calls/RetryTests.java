package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ClientCall;
import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.client.RetryPolicy;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.testing.BlockingCheck;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call that failed is made again where that cannot do its work twice, below the interceptors and in the time of its caller. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class RetryTests {
    private static final int UNAVAILABLE = StatusCode.UNAVAILABLE.value();
    private static final Duration SOON = Duration.ofMillis(1);
    private static final RetryPolicy SOON_THREE_TIMES =
            new RetryPolicy(3, SOON, 1.0, SOON, 0.0, Set.of(StatusCode.UNAVAILABLE));
    private static final RetryPolicy MUCH_LATER =
            new RetryPolicy(3, Duration.ofHours(1), 1.0, Duration.ofHours(1), 0.0, Set.of(StatusCode.UNAVAILABLE));
    private static final MethodDescriptor<String, String> SAFE_ECHO = Texts.ECHO.withIdempotent(true);
    private static final MethodDescriptor<String, String> SAFE_SPLIT = Texts.SPLIT.withIdempotent(true);

    private final List<ClientCall> calls = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<TtrpcChannel> channels = new ArrayList<>();
    private RawServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws Exception {
        for (TtrpcChannel channel : channels) {
            channel.close();
            assertThat(channel.liveCalls()).isZero();
        }
        server.close();
    }

    private void forget() throws Exception {
        stop();
        channels.clear();
        log.clear();
        start();
    }

    private TtrpcChannel connect(TtrpcAddress address, RetryPolicy policy) {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address(address)
                .retry(policy)
                .reconnect(new ReconnectPolicy(SOON, 1.0, SOON, 0.0))
                .intercept((call, next) -> {
                    calls.add(call);
                    call.onSent(message -> log.add("sent " + message));
                    call.onReceived(message -> log.add("received " + message));
                    call.onEnd(status -> log.add(status.code() + " after " + call.attempts()));
                    next.proceed(call);
                })
                .build();
        channels.add(channel);
        return channel;
    }

    private TtrpcChannel connect(RetryPolicy policy) {
        return connect(server.address(), policy);
    }

    private static TtrpcException failureOf(CompletableFuture<?> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (TtrpcException) e.getCause();
        }
        throw new AssertionError("the call has not failed");
    }

    @Test
    void nothingIsRetriedByDefault() throws Exception {
        TtrpcChannel channel = TtrpcChannel.to(server.address().toString());
        channels.add(channel);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        assertThat(failureOf(call).status().description()).isEqualTo("not now");
        assertThat(channel.statistics().retries()).isZero();
    }

    @Test
    void interceptorsSeeOneCallOverAllItsAttempts() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        RawClient.Frame second = connection.read();
        assertThat(second.id()).isEqualTo(3);
        connection.answer(second.id(), "b");
        assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("b");
        assertThat(log).containsExactly("sent a", "received b", "OK after 2");
        assertThat(channel.statistics().retries()).isOne();
    }

    @Test
    void blockingCallerIsAnsweredByTheSecondAttempt() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> caller =
                CompletableFuture.supplyAsync(() -> channel.unary(SAFE_ECHO, "x".repeat(20_000), CallOptions.DEFAULT));
        RawServer.Connection connection = server.accept();
        RawClient.Frame first = connection.read();
        connection.fail(first.id(), UNAVAILABLE, "not now");
        RawClient.Frame second = connection.read();
        assertThat(second.body()).isEqualTo(first.body());
        connection.answer(second.id(), "b");
        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo("b");
    }

    @Test
    void streamThatHasNotBegunIsRetried() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        Collector<String> collector = new Collector<>();
        channel.serverStreamingAsync(SAFE_SPLIT, "a", CallOptions.DEFAULT).subscribe(collector);
        try (MessageReader<String> reader = channel.serverStreaming(SAFE_SPLIT, "b", CallOptions.DEFAULT)) {
            RawServer.Connection connection = server.accept();
            connection.fail(connection.read().id(), UNAVAILABLE, "not now");
            connection.fail(connection.read().id(), UNAVAILABLE, "not now");
            for (int i = 0; i < 2; i++) {
                RawClient.Frame again = connection.read();
                assertThat(again.flags()).isEqualTo(1);
                connection.data(again.id(), "one").data(again.id(), "two").end(again.id());
            }
            assertThat(collector.await()).containsExactly("one", "two");
            assertThat(reader).containsExactly("one", "two");
        }
    }

    @Test
    void streamThatHasBegunIsNotRetried() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        MessageReader<String> reader = channel.serverStreaming(SAFE_SPLIT, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        int id = connection.read().id();
        connection.data(id, "one").fail(id, UNAVAILABLE, "not now");
        assertThat(reader.read()).isEqualTo("one");
        assertThatThrownBy(reader::read).hasMessageContaining("not now");
        assertThat(calls.get(0).attempts()).isOne();
    }

    @Test
    void callThatMayHaveRunIsRetriedOnlyIfItIsSaidToBeSafe() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        RawServer.Connection connection = null;
        for (CallOptions options : List.of(CallOptions.DEFAULT, CallOptions.DEFAULT.withIdempotent(false))) {
            CompletableFuture<String> unsafe =
                    channel.unaryAsync(options == CallOptions.DEFAULT ? Texts.ECHO : SAFE_ECHO, "a", options);
            connection = connection == null ? server.accept() : connection;
            connection.fail(connection.read().id(), UNAVAILABLE, "not now");
            assertThat(failureOf(unsafe).origin()).isEqualTo(TtrpcException.Origin.PEER);
        }
        CompletableFuture<String> safe = channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT.withIdempotent(true));
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        connection.answer(connection.read().id(), "c");
        assertThat(safe.get(10, TimeUnit.SECONDS)).isEqualTo("c");
        assertThat(log.stream().filter(line -> line.contains("after")))
                .containsExactly("UNAVAILABLE after 1", "UNAVAILABLE after 1", "OK after 2");
    }

    @Test
    void callMayHaveAPolicyOfItsOwn() throws Exception {
        TtrpcChannel channel = connect(RetryPolicy.NONE);
        CompletableFuture<String> call =
                channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT.withRetry(SOON_THREE_TIMES));
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        connection.answer(connection.read().id(), "b");
        assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("b");
    }

    @Test
    void attemptsRunOutWithTheLastFailure() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        for (int i = 1; i <= 3; i++) {
            connection.fail(connection.read().id(), UNAVAILABLE, "no " + i);
        }
        assertThat(failureOf(call).status().description()).isEqualTo("no 3");
        assertThat(log).containsExactly("sent a", "UNAVAILABLE after 3");
        assertThat(channel.statistics().retries()).isEqualTo(2);
    }

    @Test
    void codeOutsideThePolicyIsFinal() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), StatusCode.ABORTED.value(), "no");
        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.ABORTED);
        assertThat(calls.get(0).attempts()).isOne();
    }

    @Test
    void lostConnectionIsAReasonToTryASafeCallAgain() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> safe = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        CompletableFuture<String> unsafe = channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT);
        try (RawServer.Connection first = server.accept()) {
            first.read();
            first.read();
        }
        TtrpcException lost = failureOf(unsafe);
        assertThat(lost).isInstanceOf(ConnectionLostException.class);
        assertThat(((ConnectionLostException) lost).neverSent()).isFalse();
        RawServer.Connection second = server.accept();
        second.answer(second.read().id(), "c");
        assertThat(safe.get(10, TimeUnit.SECONDS)).isEqualTo("c");
        assertThat(channel.statistics().connectionsLost()).isOne();
        assertThat(channel.statistics().connectionsMade()).isEqualTo(2);
    }

    @Test
    void callThatWasSentOnceWasSentAlsoWhenItsLastAttemptFindsNoConnection() throws Exception {
        TtrpcChannel channel = connect(SOON_THREE_TIMES);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.read();
        server.close();
        TtrpcException lost = failureOf(call);
        assertThat(lost).isInstanceOf(ConnectionLostException.class);
        assertThat(((ConnectionLostException) lost).neverSent()).isFalse();
        assertThat(calls.get(0).attempts()).isEqualTo(3);
    }

    @Test
    void callOfAnyKindIsRetriedWhileNothingOfItWasSent() throws Exception {
        try (HeldTransport transport = new HeldTransport()) {
            TtrpcChannel channel = TtrpcChannel.builder()
                    .address("held:retry")
                    .resources(transport.resources())
                    .reconnect(new ReconnectPolicy(SOON, 1.0, SOON, 0.0))
                    .retry(SOON_THREE_TIMES)
                    .build();
            channels.add(channel);
            CompletableFuture<UploadCall<String, String>> upload =
                    CompletableFuture.supplyAsync(() -> channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT));
            transport.next().fail("not yet");
            transport.next().connect(server.address());
            upload.get(10, TimeUnit.SECONDS).write("a");
            RawServer.Connection connection = server.accept();
            assertThat(connection.read().flags()).isEqualTo(6);
            assertThat(connection.read().text()).isEqualTo("a");
            upload.get().close();
            channel.close();
        }
    }

    @Test
    void callFailsAtOnceWhereTheWaitWouldEndBehindItsDeadline() throws Exception {
        TtrpcChannel channel = connect(MUCH_LATER);
        CompletableFuture<String> call =
                channel.unaryAsync(SAFE_ECHO, "a", CallOptions.deadline(Duration.ofMinutes(30)));
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        assertThat(failureOf(call).status().description()).isEqualTo("not now");
    }

    @Test
    void deadlineCountsFromTheFirstAttempt() throws Exception {
        CompletableFuture<String> call = BeforeDeadline.reach(Duration.ofMillis(100), this::forget, options -> {
            CompletableFuture<String> begun = connect(SOON_THREE_TIMES).unaryAsync(SAFE_ECHO, "a", options);
            RawServer.Connection connection = server.accept();
            connection.fail(connection.read().id(), UNAVAILABLE, "not now");
            connection.read(); // and no answer
            return begun;
        });
        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(log).containsExactly("sent a", "DEADLINE_EXCEEDED after 2");
    }

    @Test
    void callThatIsGivenUpIsNotTriedAgain() throws Exception {
        TtrpcChannel channel = connect(MUCH_LATER);
        CompletableFuture<String> future = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread blocked = new Thread(() -> {
            try {
                channel.unary(SAFE_ECHO, "b", CallOptions.DEFAULT);
            } catch (TtrpcException e) {
                outcome.complete(
                        e.status().code() + " " + Thread.currentThread().isInterrupted());
            }
        });
        blocked.start();
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        connection.answer(1, "late"); // dropped: both have left their first attempts behind them
        Awaitility.await().until(() -> channel.statistics().droppedFrames() == 1);
        assertThat(channel.liveCalls()).isEqualTo(2);
        future.cancel(false);
        blocked.interrupt();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("CANCELLED true");
        Awaitility.await().until(() -> channel.liveCalls() == 0);
        assertThat(channel.statistics().retries()).isZero();
    }

    @Test
    void closingTheChannelEndsTheWait() throws Exception {
        TtrpcChannel channel = connect(MUCH_LATER);
        CompletableFuture<String> call = channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.fail(connection.read().id(), UNAVAILABLE, "not now").answer(1, "late");
        Awaitility.await().until(() -> channel.statistics().droppedFrames() == 1);
        channel.close();
        assertThat(failureOf(call)).isInstanceOf(ConnectionLostException.class).hasMessageContaining("was closed");
    }

    @Test
    void endOfTheEventLoopsEndsTheWait() throws Exception {
        try (HeldTransport transport = new HeldTransport()) {
            TtrpcChannel channel = TtrpcChannel.builder()
                    .address("held:retry")
                    .resources(transport.resources())
                    .retry(MUCH_LATER)
                    .build();
            channels.add(channel);
            CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
            transport.next().fail("not yet");
            Awaitility.await().until(() -> channel.statistics().connectionAttemptsFailed() == 1);
            transport.close();
            assertThat(failureOf(call)).isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void thousandCallsWaitWithoutAThread() throws Exception {
        TtrpcChannel channel = connect(MUCH_LATER);
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        waiting.add(channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT));
        RawServer.Connection connection = server.accept();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        for (int i = 1; i < 1000; i++) {
            waiting.add(channel.unaryAsync(SAFE_ECHO, "a", CallOptions.DEFAULT));
        }
        for (int i = 0; i < 1000; i++) {
            connection.fail(connection.read().id(), UNAVAILABLE, "not now");
        }
        connection.answer(1, "late");
        Awaitility.await().until(() -> channel.statistics().droppedFrames() == 1);
        assertThat(channel.liveCalls()).isEqualTo(1000);
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 20);
        waiting.forEach(call -> call.cancel(false));
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }

    @Test
    void failureOnThisSideIsFinal() {
        TtrpcChannel channel = connect(new RetryPolicy(
                3, SOON, 1.0, SOON, 0.0, Set.of(StatusCode.UNAVAILABLE, StatusCode.RESOURCE_EXHAUSTED)));
        TtrpcException refused = catchThrowableOfType(
                TtrpcException.class, () -> channel.unary(SAFE_ECHO, "x".repeat(5 << 20), CallOptions.DEFAULT));
        assertThat(refused.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(calls.get(0).attempts()).isZero();
    }
}
