package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.ClientStatistics;
import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** How a channel comes to its connections and loses them, and who hears of it. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ClientConnectionsTests {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int LARGE = 40 << 10;

    private final HeldTransport transport = new HeldTransport();
    private final List<TtrpcChannel> channels = new ArrayList<>();
    private final List<ChannelState> states = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(TtrpcChannel::close);
        transport.close();
    }

    private TtrpcChannel channel(Duration backoff) {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:connections")
                .resources(transport.resources())
                .reconnect(new ReconnectPolicy(backoff, 1.0, backoff, 0.0))
                .build();
        channel.onStateChange(states::add);
        channels.add(channel);
        return channel;
    }

    private static void quickly(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(condition);
    }

    private static ConnectionLostException lost(CompletableFuture<?> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (ConnectionLostException) e.getCause();
        }
        throw new AssertionError("the call has not failed");
    }

    @Test
    void statesComeInTheirOrder() throws Exception {
        TtrpcChannel channel = channel(SOON);
        assertThat(channel.state()).isEqualTo(ChannelState.IDLE);
        CompletableFuture<Void> refused = channel.connect();
        transport.next().fail("not now");
        assertThat(lost(refused)).hasMessageContaining("not now").hasMessageContaining("held:connections");
        quickly(() -> channel.state() == ChannelState.IDLE);
        assertThat(states).containsExactly(ChannelState.CONNECTING, ChannelState.TRANSIENT_FAILURE, ChannelState.IDLE);
        states.clear();
        try (RawServer server = new RawServer()) {
            CompletableFuture<Void> connected = channel.connect();
            transport.next().connect(server.address());
            connected.get(10, TimeUnit.SECONDS);
            server.accept().close();
            quickly(() -> channel.state() == ChannelState.IDLE);
        }
        channel.close();
        assertThat(states)
                .containsExactly(ChannelState.CONNECTING, ChannelState.READY, ChannelState.IDLE, ChannelState.SHUTDOWN);
        assertThat(channel.statistics()).isEqualTo(new ClientStatistics(1, 1, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void listenerThatThrowsHarmsNobody() throws Exception {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:connections")
                .resources(transport.resources())
                .build();
        channels.add(channel);
        channel.onStateChange(state -> {
            throw new IllegalStateException("a listener");
        });
        channel.onStateChange(states::add);
        CompletableFuture<Void> connected = channel.connect();
        try (RawServer server = new RawServer()) {
            transport.next().connect(server.address());
            connected.get(10, TimeUnit.SECONDS);
            channel.close();
        }
        assertThat(states).containsExactly(ChannelState.CONNECTING, ChannelState.READY, ChannelState.SHUTDOWN);
    }

    @Test
    void listenerThatCausesTheNextStateDoesNotOvertakeTheOthers() throws Exception {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:connections")
                .resources(transport.resources())
                .build();
        channels.add(channel);
        channel.onStateChange(state -> {
            if (state == ChannelState.IDLE) {
                channel.connect(); // at once, on the event loop
            }
        });
        channel.onStateChange(states::add);
        CompletableFuture<Void> connected = channel.connect();
        try (RawServer server = new RawServer()) {
            transport.next().connect(server.address());
            connected.get(10, TimeUnit.SECONDS);
            server.accept().close();
            transport.next();
        }
        assertThat(states)
                .containsExactly(
                        ChannelState.CONNECTING, ChannelState.READY, ChannelState.IDLE, ChannelState.CONNECTING);
    }

    @Test
    void callsFailFastWhileTheChannelBacksOffUnlessTheyWait() throws Exception {
        TtrpcChannel channel = channel(HOUR);
        CompletableFuture<String> first = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
        CompletableFuture<String> patient =
                channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT.withWaitForReady(true));
        transport.next().fail("not now");
        assertThat(lost(first).neverSent()).isTrue();
        assertThat(channel.state()).isEqualTo(ChannelState.TRANSIENT_FAILURE);
        ConnectionLostException second = lost(channel.unaryAsync(Texts.ECHO, "c", CallOptions.DEFAULT));
        assertThat(second).hasMessageContaining("not now");
        assertThat(second.neverSent()).isTrue();
        assertThat(patient).isNotDone();
        assertThat(transport.waiting()).isZero();
    }

    @Test
    void attemptsGoOnAsLongAsACallWaits() throws Exception {
        TtrpcChannel channel = channel(SOON);
        CompletableFuture<String> patient =
                channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT.withWaitForReady(true));
        for (int i = 0; i < 5; i++) {
            transport.next().fail("not now");
        }
        try (RawServer server = new RawServer()) {
            transport.next().connect(server.address());
            RawServer.Connection connection = server.accept();
            connection.answer(connection.read().id(), "b");
            assertThat(patient.get(10, TimeUnit.SECONDS)).isEqualTo("b");
        }
        assertThat(channel.statistics().connectionAttemptsFailed()).isEqualTo(5);
    }

    @Test
    void attemptsEndWithTheLastCallThatWaits() throws Exception {
        TtrpcChannel channel = channel(SOON);
        CompletableFuture<String> patient =
                channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT.withWaitForReady(true));
        HeldTransport.Attempt attempt = transport.next();
        patient.cancel(false);
        attempt.fail("not now");
        quickly(() -> channel.state() == ChannelState.IDLE);
        assertThat(transport.waiting()).isZero();
    }

    @Test
    void oneAttemptServesAllCallsThatWaitForIt() throws Exception {
        TtrpcChannel channel = channel(HOUR);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(channel.unaryAsync(Texts.ECHO, "m" + i, CallOptions.DEFAULT));
        }
        try (RawServer server = new RawServer()) {
            transport.next().connect(server.address());
            RawServer.Connection connection = server.accept();
            for (int i = 0; i < 100; i++) {
                RawClient.Frame request = connection.read();
                assertThat(request.id()).isEqualTo(1 + 2 * i);
                assertThat(request.text()).endsWith("m" + i);
                connection.answer(request.id(), "m" + i);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(calls.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("m" + i);
            }
        }
        assertThat(transport.waiting()).isZero();
    }

    @Test
    void closingGivesUpTheAttemptUnderWay() throws Exception {
        TtrpcChannel channel = channel(HOUR);
        CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
        CompletableFuture<Void> connecting = channel.connect();
        HeldTransport.Attempt attempt = transport.next();
        channel.close();
        assertThat(lost(call).neverSent()).isTrue();
        assertThat(lost(connecting)).hasMessageContaining("was closed");
        quickly(() -> attempt.promise().isCancelled());
        assertThat(states).containsExactly(ChannelState.CONNECTING, ChannelState.SHUTDOWN);
        assertThat(lost(channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT))
                        .neverSent())
                .isTrue();
    }

    @Test
    void connectionThatComesTooLateIsClosed() throws Exception {
        TtrpcChannel channel = channel(HOUR);
        channel.onStateChange(state -> {
            if (state == ChannelState.CONNECTING) {
                channel.shutdown(Duration.ZERO); // before the attempt is under way
            }
        });
        channel.connect();
        quickly(() -> channel.state() == ChannelState.SHUTDOWN);
        try (RawServer server = new RawServer()) {
            HeldTransport.Attempt attempt = transport.next();
            attempt.connect(server.address());
            try (RawServer.Connection connection = server.accept()) {
                assertThat(connection.isClosed()).isTrue();
            }
        }
    }

    @Test
    void closingThrowsAwayWhatNobodyTook() throws Exception {
        try (RawServer server = new RawServer()) {
            TtrpcChannel channel =
                    TtrpcChannel.builder().address(server.address()).build();
            channels.add(channel);
            List<Throwable> told = new CopyOnWriteArrayList<>();
            channel.serverStreamingAsync(Texts.SPLIT, "a", CallOptions.DEFAULT)
                    .subscribe(new java.util.concurrent.Flow.Subscriber<>() {
                        @Override
                        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
                            // and never asks for anything
                        }

                        @Override
                        public void onNext(String item) {
                            told.add(new AssertionError("not asked for"));
                        }

                        @Override
                        public void onError(Throwable failure) {
                            told.add(failure);
                        }

                        @Override
                        public void onComplete() {
                            told.add(new AssertionError("not complete"));
                        }
                    });
            RawServer.Connection connection = server.accept();
            int id = connection.read().id();
            connection.data(id, "x".repeat(100_000));
            CompletableFuture<String> behind = channel.unaryAsync(Texts.ECHO, "b", CallOptions.DEFAULT);
            connection.answer(connection.read().id(), "b");
            behind.get(10, TimeUnit.SECONDS);
            channel.close();
            quickly(() -> told.size() == 1);
            assertThat(told.get(0)).isInstanceOf(ConnectionLostException.class);
        } // its buffer would be found to leak
    }

    @Test
    void serverThatBreaksEveryConnectionFillsNoLog() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.ttrpc.internal.client");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
        try (RawServer server = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(server.address()).build()) {
            for (int i = 0; i < 50; i++) {
                CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
                try (RawServer.Connection connection = server.accept()) {
                    connection.read();
                    for (int frame = 0; frame < 20; frame++) {
                        connection.data(99, "for nobody");
                    }
                    connection.bytes(RawServer.header(1 << 24, 1, RawClient.RESPONSE, 0));
                    assertThat(lost(call).neverSent()).isFalse();
                }
            }
            assertThat(channel.statistics().protocolErrors()).isEqualTo(50);
            assertThat(channel.statistics().droppedFrames()).isEqualTo(1000);
            assertThat(channel.statistics().connectionsMade()).isEqualTo(50);
        } finally {
            logger.detachAppender(appender);
            logger.setAdditive(true);
        }
        assertThat(appender.list.stream().filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO)))
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("first byte must be 0"));
    }

    @Test
    void callsThatWaitForAConnectionLeaveTheOutputToThoseThatDoNot() throws Exception {
        TtrpcChannel channel = smallOutput(HOUR);
        List<CompletableFuture<String>> waiting = fillOutput(channel);
        CompletableFuture<String> failing = channel.unaryAsync(Texts.ECHO, "x".repeat(LARGE), CallOptions.DEFAULT);
        transport.next().fail("not now");
        assertThat(lost(failing).neverSent()).isTrue();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        assertThat(channel.liveCalls()).isEqualTo(waiting.size());
    }

    @Test
    void callsThatLeftTheirOutputAreMadeOnceThereIsAConnection() throws Exception {
        TtrpcChannel channel = smallOutput(SOON);
        List<CompletableFuture<String>> waiting = fillOutput(channel);
        transport.next().fail("not now");
        transport.next().fail("nor now");
        try (TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> String.valueOf(text.length()))
                        .build())
                .build()
                .start()) {
            transport.next().connect(server.addresses().get(0));
            for (CompletableFuture<String> call : waiting) {
                assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(String.valueOf(LARGE));
            }
            assertThat(server.statistics().connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void messagesThatHoldAllOutputDoNotHoldUpTheRequestBeforeThem() throws Exception {
        TtrpcChannel channel = smallOutput(SOON);
        try (RawServer server = new RawServer()) {
            CompletableFuture<UploadCall<String, String>> begun = CompletableFuture.supplyAsync(
                    () -> channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT.withWaitForReady(true)));
            transport.next().connect(server.address());
            RawServer.Connection draining = server.accept();
            draining.fail(draining.read().id(), StatusCode.UNAVAILABLE.value(), "server is shutting down");
            try (UploadCall<String, String> upload = begun.get(10, TimeUnit.SECONDS)) {
                HeldTransport.Attempt failing = transport.next();
                upload.write("x".repeat(2 * LARGE));
                failing.fail("not now"); // upon which the Request leaves its output to others
                transport.next().connect(server.address());
                RawServer.Connection fresh = server.accept();
                assertThat(fresh.read().id()).isEqualTo(1);
                assertThat(fresh.read().body()).hasSize(2 * LARGE);
                fresh.answer(1, "done");
                assertThat(upload.finish()).isEqualTo("done");
            }
        }
    }

    private TtrpcChannel smallOutput(Duration backoff) {
        TtrpcChannel channel = TtrpcChannel.builder()
                .address("held:connections")
                .resources(transport.resources())
                .reconnect(new ReconnectPolicy(backoff, 1.0, backoff, 0.0))
                .sendBudget(2 * LARGE)
                .build();
        channels.add(channel);
        return channel;
    }

    /** More calls than there is output for, which wait for a connection. */
    private static List<CompletableFuture<String>> fillOutput(TtrpcChannel channel) {
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(channel.unaryAsync(Texts.ECHO, "x".repeat(LARGE), CallOptions.DEFAULT.withWaitForReady(true)));
        }
        return waiting;
    }
}
