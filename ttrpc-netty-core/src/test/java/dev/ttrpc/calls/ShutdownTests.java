package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import dev.ttrpc.CallContext;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.RawClient.Frame;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.TransportResources;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server ends: what goes on, what is refused, what is cut off, and how many calls that were. */
@Timeout(30)
class ShutdownTests {
    private static final String SERVICE = "test.Shutdown";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final MethodDescriptor<String, String> WAIT =
            MethodDescriptor.unary(SERVICE, "Wait", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> IGNORE =
            MethodDescriptor.unary(SERVICE, "Ignore", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> WATCH =
            MethodDescriptor.serverStreaming(SERVICE, "Watch", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> CLOSE =
            MethodDescriptor.unary(SERVICE, "Close", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private final List<AutoCloseable> closed = new ArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private TtrpcServer server;

    /** Waits for the latch or its cancellation; ignores its cancellation; sends until the drain; is declared by the test. */
    private ServiceDefinition.Builder service() {
        return ServiceDefinition.builder(SERVICE)
                .unary(WAIT, text -> {
                    started.incrementAndGet();
                    CountDownLatch over = new CountDownLatch(1);
                    Objects.requireNonNull(CallContext.current()).onCancel(reason -> over.countDown());
                    while (open.getCount() > 0 && !over.await(1, TimeUnit.MILLISECONDS)) {
                        Thread.onSpinWait();
                    }
                    return text;
                })
                .unary(IGNORE, text -> {
                    started.incrementAndGet();
                    open.await();
                    return text;
                })
                .serverStreaming(WATCH, (text, out) -> {
                    CountDownLatch drain = new CountDownLatch(1);
                    Objects.requireNonNull(CallContext.current()).onDrain(drain::countDown);
                    out.write("first");
                    drain.await();
                    out.write("last");
                });
    }

    private void start(TtrpcServer.Builder builder, ServiceDefinition service) throws IOException {
        server = builder.listen("tcp://127.0.0.1:0").service(service).build();
        closed.add(server);
        server.start();
    }

    private void start() throws IOException {
        start(TtrpcServer.builder(), service().build());
    }

    private RawClient connect() throws IOException {
        RawClient client = new RawClient(server.addresses().get(0));
        closed.add(client);
        return client;
    }

    private static void request(RawClient client, int id, String method) throws IOException {
        client.send(id, REQUEST, 0, requestBody(SERVICE, method, "x", 0));
    }

    private void awaitHandlers(int count) {
        Awaitility.await().until(() -> started.get() == count);
    }

    private static int countOf(CompletableFuture<Integer> end) throws Exception {
        return end.get(10, TimeUnit.SECONDS);
    }

    private static void assertEnds(RawClient client, int id, StatusCode code, String text) throws IOException {
        Frame end = client.read();
        assertThat(end.id()).isEqualTo(id);
        assertThat(end.code()).isEqualTo(code.value());
        assertThat(end.text()).contains(text);
    }

    @AfterEach
    void close() throws Exception {
        open.countDown();
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
        assertThat(server.liveCalls()).isZero();
        assertThat(server.connections()).isZero();
    }

    @Test
    void idleConnectionsCloseAtOnce() throws Exception {
        start();
        RawClient client = connect();
        Awaitility.await().until(() -> server.connections() == 1);
        assertThat(countOf(server.shutdown(LONG))).isZero();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aSlowCallIsAnsweredWhileNewOnesAreRefused() throws Exception {
        start();
        RawClient client = connect();
        request(client, 1, "Wait");
        awaitHandlers(1);
        CompletableFuture<Integer> end = server.shutdown(LONG);
        request(client, 3, "Wait");
        assertEnds(client, 3, StatusCode.UNAVAILABLE, "server is shutting down");
        assertThat(end).isNotDone();
        open.countDown();
        assertThat(client.read()).hasToString("1 RESPONSE 0 120178");
        assertThat(client.isClosed()).isTrue();
        assertThat(countOf(end)).isZero();
        assertThat(started).hasValue(1);
    }

    @Test
    void streamsThatAskForTheDrainEndWell() throws Exception {
        start();
        RawClient client = connect();
        client.send(1, REQUEST, 1, requestBody(SERVICE, "Watch", "x", 0));
        assertThat(client.read().text()).isEqualTo("first");
        CompletableFuture<Integer> end = server.shutdown(LONG);
        assertThat(client.read().text()).isEqualTo("last");
        assertThat(client.read()).hasToString("1 DATA 5");
        assertThat(client.isClosed()).isTrue();
        assertThat(countOf(end)).isZero();
    }

    @Test
    void theEndOfTheGraceCutsOffEachCallOnce() throws Exception {
        start();
        RawClient one = connect();
        RawClient two = connect();
        request(one, 1, "Wait");
        request(one, 3, "Wait");
        request(two, 1, "Ignore"); // goes on after its cancellation
        awaitHandlers(3);
        assertThat(countOf(server.shutdown(Duration.ofMillis(20)))).isEqualTo(3);
        for (int i = 0; i < 2; i++) {
            Frame frame = one.read();
            assertThat(frame.code()).isEqualTo(StatusCode.UNAVAILABLE.value());
            assertThat(frame.text()).contains("server was shut down");
        }
        assertThat(one.isClosed()).isTrue();
        assertEnds(two, 1, StatusCode.UNAVAILABLE, "server was shut down");
        assertThat(two.isClosed()).isTrue();
    }

    @Test
    void aCallThatItsClientGaveUpIsNotCountedAsCutOff() throws Exception {
        start();
        RawClient client = connect();
        request(client, 1, "Ignore");
        awaitHandlers(1);
        CompletableFuture<Integer> end = server.shutdown(LONG);
        client.close();
        Awaitility.await().until(() -> server.connections() == 0);
        assertThat(end).as("a handler still runs").isNotDone();
        open.countDown();
        assertThat(countOf(end)).isZero();
    }

    @Test
    void aSecondCallShortensTheGrace() throws Exception {
        start();
        RawClient client = connect();
        request(client, 1, "Wait");
        awaitHandlers(1);
        CompletableFuture<Integer> first = server.shutdown(LONG);
        CompletableFuture<Integer> second = server.shutdown(Duration.ofMillis(1));
        assertThat(countOf(first)).isEqualTo(1);
        assertThat(countOf(second)).isEqualTo(1);
    }

    @Test
    void aSecondCallDoesNotProlongTheGrace() throws Exception {
        start();
        RawClient client = connect();
        request(client, 1, "Wait");
        awaitHandlers(1);
        CompletableFuture<Integer> first = server.shutdown(Duration.ofMillis(20));
        server.shutdown(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(countOf(first)).isEqualTo(1);
    }

    @Test
    void whatBecomesOfOneFutureDoesNotTouchTheOthers() throws Exception {
        start();
        request(connect(), 1, "Wait");
        awaitHandlers(1);
        server.shutdown(LONG).cancel(true);
        server.shutdown(LONG).complete(99);
        open.countDown();
        assertThat(countOf(server.shutdown(LONG))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "on the event loop", "async"})
    void aHandlerMayCloseItsServer(String kind) throws Exception {
        CompletableFuture<String> returned = new CompletableFuture<>();
        ServiceDefinition.Builder service = ServiceDefinition.builder(SERVICE);
        if (kind.equals("async")) {
            service.unaryAsync(CLOSE, text -> {
                server.close();
                returned.complete(text);
                return CompletableFuture.completedFuture(text);
            });
        } else {
            service.unary(CLOSE, text -> {
                server.close();
                returned.complete(text);
                return text;
            });
        }
        if (kind.equals("on the event loop")) {
            service.onEventLoop();
        }
        start(TtrpcServer.builder(), service.build());
        RawClient client = connect();
        try (RecordedLog log = RecordedLog.ofServers()) {
            request(client, 1, "Close");
            assertThat(returned.get(10, TimeUnit.SECONDS)).isEqualTo("x");
            assertThat(log.messages(Level.WARN)).as("has waited for itself").isEmpty();
        }
        assertThat(client.read().id()).isEqualTo(1);
        assertThat(client.isClosed()).isTrue();
        assertThat(countOf(server.shutdown(LONG))).isEqualTo(1);
    }

    @Test
    void aHundredConnectionsEndTogether() throws Exception {
        start();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RawClient client = connect();
            request(client, 1, "Wait");
            clients.add(client);
        }
        awaitHandlers(100);
        assertThat(countOf(server.shutdown(Duration.ofMillis(20)))).isEqualTo(100);
        for (RawClient client : clients) {
            assertEnds(client, 1, StatusCode.UNAVAILABLE, "server was shut down");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aRequestThatHadArrivedWhenTheDrainBeganIsRefusedInWords() throws Exception {
        TransportResources oneLoop =
                TransportResources.builder().eventLoopThreads(1).build();
        closed.add(oneLoop);
        CountDownLatch onLoop = new CountDownLatch(1);
        ServiceDefinition service = ServiceDefinition.builder(SERVICE)
                .unary(WAIT, text -> {
                    onLoop.countDown();
                    open.await();
                    return text;
                })
                .onEventLoop()
                .build();
        start(TtrpcServer.builder().resources(oneLoop), service);
        RawClient holder = connect();
        RawClient idle = connect();
        Awaitility.await().until(() -> server.connections() == 2);
        request(holder, 1, "Wait");
        assertThat(onLoop.await(10, TimeUnit.SECONDS)).isTrue();
        request(idle, 1, "Wait");
        CompletableFuture<Integer> end = server.shutdown(LONG);
        open.countDown();
        assertEnds(idle, 1, StatusCode.UNAVAILABLE, "server is shutting down");
        assertThat(idle.isClosed()).isTrue();
        assertThat(countOf(end)).isZero();
    }

    @Test
    void clientsThatConnectMeanwhileAreAnsweredOrToldThatTheServerIsUnavailable() throws Exception {
        start(TtrpcServer.builder(), Texts.blocking());
        TtrpcAddress address = server.addresses().get(0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        closed.add(threads::shutdownNow);
        CountDownLatch answered = new CountDownLatch(20);
        List<Future<Status>> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ends.add(threads.submit(() -> callUntilRefused(address, answered)));
        }
        assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(countOf(server.shutdown(LONG))).isZero();
        for (Future<Status> end : ends) {
            Status status = end.get(10, TimeUnit.SECONDS);
            assertThat(status.code()).isEqualTo(StatusCode.UNAVAILABLE);
            assertThat(status.description()).isNotBlank();
        }
    }

    /** Makes each call on a connection of its own. */
    private static Status callUntilRefused(TtrpcAddress address, CountDownLatch answered) {
        while (true) {
            try (TtrpcChannel channel = TtrpcChannel.builder().address(address).build()) {
                channel.unary(Texts.ECHO, "hi", CallOptions.deadline(Duration.ofSeconds(10)));
                answered.countDown();
            } catch (TtrpcException e) {
                return e.status();
            }
        }
    }

    @Test
    void aServerThatNeverStartedEndsAtOnce() throws Exception {
        server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .build();
        assertThat(countOf(server.shutdown(LONG))).isZero();
        assertThatIllegalStateException().isThrownBy(() -> server.start());
        server.close();
    }

    @Test
    void everyLaterCallTellsTheSameNumber() throws Exception {
        start();
        RawClient client = connect();
        request(client, 1, "Wait");
        awaitHandlers(1);
        assertThat(countOf(server.shutdown(Duration.ZERO))).isEqualTo(1);
        assertThat(countOf(server.shutdown(LONG))).isEqualTo(1);
        server.close();
        assertThat(countOf(server.shutdown(Duration.ofSeconds(-1)))).isEqualTo(1);
    }

    @Test
    void callsThatWaitForAThreadAreCutOffAndNeverStart() throws Exception {
        start(
                TtrpcServer.builder().pool(1, 100, Duration.ofSeconds(1)),
                service().build());
        RawClient client = connect();
        request(client, 1, "Ignore");
        awaitHandlers(1);
        for (int id = 3; id <= 11; id += 2) {
            request(client, id, "Wait");
        }
        Awaitility.await().until(() -> server.liveCalls() == 6);
        assertThat(countOf(server.shutdown(Duration.ofMillis(20)))).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(client.read().code()).isEqualTo(StatusCode.UNAVAILABLE.value());
        }
        assertThat(client.isClosed()).isTrue();
        open.countDown();
        Awaitility.await().until(() -> server.runningHandlers() == 0);
        assertThat(started).hasValue(1);
    }
}
