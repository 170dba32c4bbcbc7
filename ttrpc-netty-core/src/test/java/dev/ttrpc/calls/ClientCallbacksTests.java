package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the code of a caller does in its callbacks, it does to its own call. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientCallbacksTests {
    /** Where a subscriber throws. */
    enum Place {
        ON_SUBSCRIBE,
        ON_NEXT,
        ON_ERROR,
        ON_COMPLETE
    }

    private final List<TtrpcChannel> channels = new ArrayList<>();
    private RawServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws Exception {
        channels.forEach(TtrpcChannel::close);
        server.close();
    }

    private TtrpcChannel connect(TtrpcChannel.Builder builder) {
        TtrpcChannel channel = builder.address(server.address()).build();
        channels.add(channel);
        return channel;
    }

    /** Asks for everything, and throws at one place. */
    private record Throwing(Place place, List<String> received, CountDownLatch told)
            implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            at(Place.ON_SUBSCRIBE);
        }

        @Override
        public void onNext(String item) {
            received.add(item);
            at(Place.ON_NEXT);
        }

        @Override
        public void onError(Throwable failure) {
            at(Place.ON_ERROR);
        }

        @Override
        public void onComplete() {
            at(Place.ON_COMPLETE);
        }

        private void at(Place here) {
            if (here == place) {
                told.countDown();
                throw new IllegalStateException("a subscriber");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void subscriberThatThrowsHarmsItsOwnCallOnly(Place place) throws Exception {
        TtrpcChannel channel = connect(TtrpcChannel.builder());
        CompletableFuture<String> beside = channel.unaryAsync(Texts.ECHO, "beside", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        int other = connection.read().id();
        Throwing throwing = new Throwing(place, new ArrayList<>(), new CountDownLatch(1));
        channel.serverStreamingAsync(Texts.SPLIT, "a b", CallOptions.DEFAULT).subscribe(throwing);
        if (place != Place.ON_SUBSCRIBE) { // else the call is given up before it is sent
            int id = connection.read().id();
            connection.data(id, "a").data(id, "b");
            if (place == Place.ON_ERROR) {
                connection.fail(id, 10, "told to");
            } else {
                connection.end(id);
            }
        }
        assertThat(throwing.told().await(10, TimeUnit.SECONDS)).isTrue();
        connection.answer(other, "done");
        assertThat(beside.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        await().until(() -> channel.liveCalls() == 0);
        assertThat(throwing.received().size())
                .isEqualTo(place == Place.ON_SUBSCRIBE ? 0 : place == Place.ON_NEXT ? 1 : 2);
        assertThat(channel.statistics().connectionsLost()).isZero();
    }

    @Test
    void callbackOfAFutureThatThrowsHarmsNobody() throws Exception {
        TtrpcChannel channel = connect(TtrpcChannel.builder());
        CompletableFuture<String> failing = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT)
                .whenComplete((answer, failure) -> {
                    throw new StackOverflowError("a callback");
                });
        CompletableFuture<String> beside = channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT);
        RawServer.Connection connection = server.accept();
        connection.answer(connection.read().id(), "a").answer(connection.read().id(), "b");
        assertThat(beside.get(10, TimeUnit.SECONDS)).isEqualTo("b");
        assertThat(failing).failsWithin(Duration.ofSeconds(10));
        assertThat(channel.statistics().connectionsLost()).isZero();
    }

    @Test
    void callbackThatBlocksItsExecutorsThreadHoldsUpNoOtherCall() throws Exception {
        ExecutorService callbacks = Executors.newFixedThreadPool(2);
        CountDownLatch release = new CountDownLatch(1);
        try {
            TtrpcChannel channel = connect(TtrpcChannel.builder().callbackExecutor(callbacks));
            CompletableFuture<String> blocked = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT)
                    .thenApply(answer -> {
                        try {
                            return answer + release.await(20, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            RawServer.Connection connection = server.accept();
            connection.answer(connection.read().id(), "a");
            for (int i = 0; i < 50; i++) {
                CompletableFuture<String> async = channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT);
                connection.answer(connection.read().id(), "b");
                assertThat(async.get(10, TimeUnit.SECONDS)).isEqualTo("b");
            }
            CompletableFuture<List<String>> stream = CompletableFuture.supplyAsync(() -> {
                List<String> all = new ArrayList<>();
                channel.serverStreaming(Texts.SPLIT, "c", CallOptions.DEFAULT).forEach(all::add);
                return all;
            });
            int id = connection.read().id();
            connection.data(id, "c").data(id, "d").end(id);
            assertThat(stream.get(10, TimeUnit.SECONDS)).containsExactly("c", "d");
            assertThat(blocked).isNotDone();
            release.countDown();
            assertThat(blocked.get(10, TimeUnit.SECONDS)).isEqualTo("atrue");
        } finally {
            release.countDown();
            callbacks.shutdown();
        }
    }

    @Test
    void callbackOnAnExecutorMayMakeABlockingCall() throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        try {
            TtrpcChannel channel = connect(TtrpcChannel.builder().callbackExecutor(callbacks));
            CompletableFuture<String> both = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT)
                    .thenApply(answer -> answer + channel.unary(Texts.ECHO, "b", CallOptions.DEFAULT));
            RawServer.Connection connection = server.accept();
            connection.answer(connection.read().id(), "1");
            connection.answer(connection.read().id(), "2");
            assertThat(both.get(10, TimeUnit.SECONDS)).isEqualTo("12");
        } finally {
            callbacks.shutdown();
        }
    }
}
