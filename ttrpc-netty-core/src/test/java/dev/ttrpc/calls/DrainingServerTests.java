package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.testing.BlockingCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call that a draining server refuses is sent once more, on a new connection, and never twice. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class DrainingServerTests {
    private static final int UNAVAILABLE = StatusCode.UNAVAILABLE.value();
    private static final String DRAINING = "server is shutting down";

    private final List<Integer> attempts = new ArrayList<>();
    private RawServer server;
    private TtrpcChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
        channel = TtrpcChannel.builder()
                .address(server.address())
                .intercept((call, next) -> {
                    call.onEnd(status -> attempts.add(call.attempts()));
                    next.proceed(call);
                })
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.close();
        server.close();
        assertThat(channel.liveCalls()).isZero();
    }

    @Test
    void unaryCallIsSentOnceMoreAndTheOldConnectionClosesBehindItsLastCall() throws Exception {
        CompletableFuture<String> running = channel.unaryAsync(Texts.ECHO, "running", CallOptions.DEFAULT);
        RawServer.Connection old = server.accept();
        assertThat(old.read().id()).isEqualTo(1);
        CompletableFuture<String> refused = channel.unaryAsync(Texts.ECHO, "refused", CallOptions.DEFAULT);
        old.fail(old.read().id(), UNAVAILABLE, DRAINING);
        RawServer.Connection fresh = server.accept();
        RawClient.Frame again = fresh.read();
        assertThat(again.id()).isEqualTo(1);
        assertThat(again.text()).contains("refused");
        fresh.answer(1, "done");
        assertThat(refused.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        CompletableFuture<String> next = channel.unaryAsync(Texts.ECHO, "next", CallOptions.DEFAULT);
        assertThat(fresh.read().text()).contains("next");
        assertThat(running).isNotDone();
        old.answer(1, "finished");
        assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("finished");
        assertThat(old.isClosed()).isTrue();
        fresh.answer(3, "done too");
        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("done too");
        assertThat(channel.statistics().resentCalls()).isOne();
        assertThat(channel.statistics().connectionsLost()).isZero();
        assertThat(attempts).containsExactly(2, 1, 1);
    }

    @Test
    void callThatIsRefusedTwiceFailsAsThePeerSays() throws Exception {
        CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
        for (int i = 0; i < 2; i++) {
            RawServer.Connection connection = server.accept();
            connection.fail(connection.read().id(), UNAVAILABLE, DRAINING);
        }
        TtrpcException failure = catchThrowableOfType(TtrpcException.class, () -> {
            try {
                call.get(10, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        });
        assertThat(failure).isNotInstanceOf(ConnectionLostException.class);
        assertThat(failure.origin()).isEqualTo(TtrpcException.Origin.PEER);
        assertThat(server.hasNoNewConnection()).isTrue();
        assertThat(attempts).containsExactly(2);
    }

    @Test
    void serverStreamIsSentOnceMoreUnlessItHasBegun() throws Exception {
        MessageReader<String> begun = channel.serverStreaming(Texts.SPLIT, "a b", CallOptions.DEFAULT);
        RawServer.Connection first = server.accept();
        first.read();
        first.data(1, "a").fail(1, UNAVAILABLE, DRAINING);
        assertThat(begun.read()).isEqualTo("a");
        assertThatThrownBy(begun::read).hasMessageContaining(DRAINING);
        assertThat(server.hasNoNewConnection()).isTrue();
        MessageReader<String> words = channel.serverStreaming(Texts.SPLIT, "a b", CallOptions.DEFAULT);
        RawServer.Connection old = server.accept();
        old.fail(old.read().id(), UNAVAILABLE, DRAINING);
        RawServer.Connection fresh = server.accept();
        assertThat(fresh.read().flags()).isEqualTo(1);
        fresh.data(1, "a").fail(1, UNAVAILABLE, DRAINING);
        assertThat(words.read()).isEqualTo("a");
        assertThatThrownBy(words::read).hasMessageContaining(DRAINING);
        assertThat(server.hasNoNewConnection()).isTrue();
    }

    @Test
    void uploadOfWhichNothingWasTakenIsSentOnceMore() throws Exception {
        try (UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT)) {
            RawServer.Connection old = server.accept();
            old.fail(old.read().id(), UNAVAILABLE, DRAINING);
            RawServer.Connection fresh = server.accept();
            assertThat(fresh.read().flags()).isEqualTo(6);
            upload.write("a");
            assertThat(fresh.read().text()).isEqualTo("a");
            assertThat(old.isClosed()).isTrue();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(upload::finish);
            assertThat(fresh.read().flags()).isEqualTo(5);
            fresh.answer(1, "joined");
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("joined");
        }
    }

    @Test
    void endOfAnEmptyUploadIsSentOnceMoreToo() throws Exception {
        UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(upload::finish);
        RawServer.Connection old = server.accept();
        assertThat(old.read().flags()).isEqualTo(6);
        assertThat(old.read().flags()).isEqualTo(5);
        old.fail(1, UNAVAILABLE, DRAINING);
        RawServer.Connection fresh = server.accept();
        assertThat(fresh.read().flags()).isEqualTo(6);
        assertThat(fresh.read().flags()).isEqualTo(5);
        fresh.answer(1, "nothing");
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("nothing");
    }

    @Test
    void uploadOfWhichAMessageWasTakenFailsAsThePeerSays() throws Exception {
        UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        upload.write("a");
        RawServer.Connection old = server.accept();
        old.read();
        old.fail(1, UNAVAILABLE, DRAINING);
        assertThatThrownBy(upload::finish)
                .isNotInstanceOf(ConnectionLostException.class)
                .hasMessageContaining(DRAINING);
        assertThat(server.hasNoNewConnection()).isTrue();
    }

    @Test
    void chatOfWhichNothingWasTakenIsSentOnceMore() throws Exception {
        try (DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT)) {
            RawServer.Connection old = server.accept();
            old.fail(old.read().id(), UNAVAILABLE, DRAINING);
            RawServer.Connection fresh = server.accept();
            fresh.read();
            fresh.data(1, "first");
            assertThat(chat.read()).isEqualTo("first");
            chat.write("second");
            assertThat(fresh.read().text()).isEqualTo("second");
        }
    }

    @Test
    void messagesThatComeBetweenTheConnectionsGoToTheNewOneInTheirOrder() throws Exception {
        channel.close();
        try (HeldTransport transport = new HeldTransport()) {
            channel = TtrpcChannel.builder()
                    .address("held:draining")
                    .resources(transport.resources())
                    .build();
            SubmissionPublisher<String> words = new SubmissionPublisher<>(Runnable::run, 16);
            CompletableFuture<String> joined = channel.clientStreamingAsync(Texts.JOIN, words, CallOptions.DEFAULT);
            transport.next().connect(server.address());
            RawServer.Connection old = server.accept();
            old.fail(old.read().id(), UNAVAILABLE, DRAINING);
            HeldTransport.Attempt attempt = transport.next();
            words.submit("a");
            words.submit("b".repeat(20_000));
            words.submit("c");
            words.close();
            assertThat(old.isClosed()).isTrue();
            attempt.connect(server.address());
            RawServer.Connection fresh = server.accept();
            assertThat(fresh.read().flags()).isEqualTo(6);
            assertThat(fresh.read().text()).isEqualTo("a");
            assertThat(fresh.read().text()).hasSize(20_000);
            assertThat(fresh.read().text()).isEqualTo("c");
            assertThat(fresh.read().flags()).isEqualTo(5);
            fresh.answer(1, "joined");
            assertThat(joined.get(10, TimeUnit.SECONDS)).isEqualTo("joined");
            channel.close();
        }
    }

    @Test
    void messagesThatComeBetweenTheConnectionsAreReleasedWhereThereIsNoOther() throws Exception {
        channel.close();
        try (HeldTransport transport = new HeldTransport()) {
            channel = TtrpcChannel.builder()
                    .address("held:draining")
                    .resources(transport.resources())
                    .sendBudget(50_000)
                    .build();
            SubmissionPublisher<String> words = new SubmissionPublisher<>(Runnable::run, 16);
            CompletableFuture<String> joined = channel.clientStreamingAsync(Texts.JOIN, words, CallOptions.DEFAULT);
            transport.next().connect(server.address());
            RawServer.Connection old = server.accept();
            old.fail(old.read().id(), UNAVAILABLE, DRAINING);
            HeldTransport.Attempt attempt = transport.next();
            for (int i = 0; i < 4; i++) {
                words.submit("x".repeat(20_000)); // more than the budget
            }
            attempt.fail("there is none");
            assertThat(joined).failsWithin(java.time.Duration.ofSeconds(10));
            Awaitility.await().until(() -> channel.liveCalls() == 0);
            CompletableFuture<String> next = channel.unaryAsync(
                    Texts.ECHO, "x".repeat(45_000), CallOptions.DEFAULT.withWaitForReady(true)); // all of the budget
            transport.next().connect(server.address());
            RawServer.Connection fresh = server.accept();
            fresh.answer(fresh.read().id(), "done");
            assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("done");
            channel.close();
        }
    }
}
