package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.testing.BlockingCheck;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Calls that were given up leave nothing behind on a channel that lives on: no entry, no timer and no place in a queue, for each would keep their messages reachable; no
 * output, for the next call takes all of it; and no buffer, which the check for leaks would find.
 */
@Timeout(120)
@ExtendWith(BlockingCheck.class)
class CancelledCallsTests {
    private static final int CALLS = 10_000;
    private static final int SEND_BUDGET = 100_000;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final CallOptions LONG = CallOptions.deadline(Duration.ofHours(1));

    private final HeldTransport transport = new HeldTransport();
    private final List<WeakReference<Object>> known = new ArrayList<>();
    private RawServer server;
    private TtrpcChannel channel;

    @AfterEach
    void close() throws Exception {
        channel.close();
        transport.close();
        server.close();
    }

    private void connect() throws Exception {
        server = new RawServer();
        channel = TtrpcChannel.builder()
                .address("held:cancelled")
                .resources(transport.resources())
                .sendBudget(SEND_BUDGET)
                .connectTimeout(Duration.ofHours(1))
                .waitForReady(true)
                .build();
        channel.connect();
    }

    /** Begins a call and gives back how it is given up. */
    private Runnable begin(int i) {
        String message = "message " + i;
        known.add(new WeakReference<>(message));
        switch (i % 3) {
            case 0 -> {
                CompletableFuture<String> answer = channel.unaryAsync(Texts.ECHO, message, LONG);
                known.add(new WeakReference<>(answer));
                return () -> answer.cancel(false);
            }
            case 1 -> {
                Cancelling subscriber = new Cancelling();
                channel.serverStreamingAsync(Texts.SPLIT, message, LONG).subscribe(subscriber);
                known.add(new WeakReference<>(subscriber));
                return () -> subscriber.subscription.cancel();
            }
            default -> {
                CompletableFuture<String> answer = channel.clientStreamingAsync(
                        Texts.JOIN, subscriber -> subscriber.onSubscribe(new Silent(message)), LONG);
                known.add(new WeakReference<>(answer));
                return () -> answer.cancel(false);
            }
        }
    }

    private static final class Cancelling implements Flow.Subscriber<String> {
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(String item) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    /** Publishes nothing, and knows something. */
    private record Silent(String message) implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private void beginAllAndGiveUp() {
        int before = channel.liveCalls();
        List<Runnable> cancels = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            cancels.add(begin(i));
        }
        assertThat(channel.liveCalls()).isEqualTo(before + CALLS);
        cancels.forEach(Runnable::run);
        await().atMost(LONGEST).pollDelay(Duration.ZERO).until(() -> channel.liveCalls() == before);
    }

    private void assertNothingIsKnown() {
        await().atMost(LONGEST).untilAsserted(() -> {
            System.gc();
            assertThat(known.stream().filter(each -> !each.refersTo(null)).count())
                    .isZero();
        });
    }

    private RawServer.Connection accept() throws Exception {
        transport.next().connect(server.address());
        return server.accept();
    }

    private static void readAll(RawServer.Connection connection) {
        Thread reader = new Thread(() -> {
            try {
                connection.readToEnd();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private void assertAllOutputIsFree(RawServer.Connection connection) throws Exception {
        CompletableFuture<String> next = channel.unaryAsync(Texts.ECHO, "x".repeat(SEND_BUDGET), LONG);
        RawClient.Frame frame = connection.read();
        while (frame.body().length < SEND_BUDGET) {
            frame = connection.read();
        }
        connection.answer(frame.id(), "done");
        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void callsThatWaitedForTheirAnswersLeaveNothing() throws Exception {
        connect();
        readAll(accept());
        beginAllAndGiveUp();
        assertNothingIsKnown();
    }

    @Test
    void callsThatWaitedForAConnectionLeaveNothing() throws Exception {
        connect();
        HeldTransport.Attempt attempt = transport.next();
        beginAllAndGiveUp();
        assertNothingIsKnown();
        attempt.connect(server.address());
        assertAllOutputIsFree(server.accept());
    }

    @Test
    void callsThatWaitedForOutputLeaveNothing() throws Exception {
        connect();
        RawServer.Connection deaf = accept();
        List<CompletableFuture<String>> large = new ArrayList<>();
        for (int i = 0; i < 3; i++) { // more than the kernel takes
            large.add(channel.unaryAsync(Texts.ECHO, "x".repeat(4_000_000), LONG));
        }
        beginAllAndGiveUp();
        assertNothingIsKnown();
        for (CompletableFuture<String> call : large) {
            deaf.answer(deaf.read().id(), "done");
            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        }
        assertAllOutputIsFree(deaf);
    }
}
