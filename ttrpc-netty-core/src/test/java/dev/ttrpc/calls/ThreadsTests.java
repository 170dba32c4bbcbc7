package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where handlers run and what never waits. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class ThreadsTests {
    private static final int CALLS = 1000;
    private static final int WAITING = 200;

    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    private RawClient serve(TtrpcServer.Builder builder, ServiceDefinition service) throws Exception {
        TtrpcServer server =
                builder.listen("tcp://127.0.0.1:0").service(service).build().start();
        closed.add(server);
        RawClient client = new RawClient(server.addresses().get(0));
        closed.add(client);
        return client;
    }

    /** A thousand Requests in one write, of which the first two hundred wait until all the others have run: one of those that is stuck keeps these from their end. */
    private void assertNoneIsRefusedAndNoneIsStuck(TtrpcServer.Builder builder) throws Exception {
        CountDownLatch others = new CountDownLatch(CALLS - WAITING);
        RawClient client = serve(
                builder,
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> {
                            if (text.equals("w")) {
                                others.await();
                            } else {
                                others.countDown();
                            }
                            return text;
                        })
                        .build());
        ByteArrayOutputStream calls = new ByteArrayOutputStream();
        for (int i = 0; i < CALLS; i++) {
            calls.writeBytes(RawServer.frame(
                    1 + 2 * i,
                    RawClient.REQUEST,
                    0,
                    RawClient.requestBody(Texts.SERVICE, "Echo", i < WAITING ? "w" : "n", 0)));
        }
        assertThat(calls.size()).as("one read").isLessThan(64 << 10);
        client.bytes(calls.toByteArray());
        Set<Integer> answered = new HashSet<>();
        for (int i = 0; i < CALLS; i++) {
            RawClient.Frame answer = client.read();
            assertThat(answer.code()).isZero();
            assertThat(answered.add(answer.id())).isTrue();
        }
    }

    @Test
    void ofAThousandCallsInOneReadAPoolRefusesNoneAndNoneIsStuckBehindOneThatWaits() throws Exception {
        assertNoneIsRefusedAndNoneIsStuck(TtrpcServer.builder().pool(256, 16_384, Duration.ofSeconds(10)));
    }

    @Test
    void ofAThousandCallsInOneReadTheDefaultRefusesNoneAndNoneIsStuckBehindOneThatWaits() throws Exception {
        assertNoneIsRefusedAndNoneIsStuck(TtrpcServer.builder());
    }

    @Test
    void ofAThousandCallsInOneReadVirtualThreadsRefuseNoneAndNoneIsStuckBehindOneThatWaits() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        Executor virtualThreads = (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        assertNoneIsRefusedAndNoneIsStuck(TtrpcServer.builder().executor(virtualThreads));
    }

    @Test
    void ofAThousandCallsInOneReadAUsersExecutorRefusesNoneAndNoneIsStuckBehindOneThatWaits() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WAITING + 1);
        closed.add(threads::shutdownNow);
        assertNoneIsRefusedAndNoneIsStuck(TtrpcServer.builder().executor(threads));
    }

    @Test
    void queuedCallWhoseDeadlinePassesIsAnsweredAndNeverStarted() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        List<String> started = new CopyOnWriteArrayList<>();
        RawClient client = serve(
                TtrpcServer.builder().pool(1, 100, Duration.ofSeconds(10)),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> {
                            started.add(text);
                            open.await();
                            return text;
                        })
                        .build());
        client.request(1, "Echo", "first");
        client.send(
                3,
                RawClient.REQUEST,
                0,
                RawClient.requestBody(Texts.SERVICE, "Echo", "late", TimeUnit.MILLISECONDS.toNanos(50)));
        client.request(5, "Echo", "third");
        RawClient.Frame late = client.read();
        assertThat(late.id()).isEqualTo(3);
        assertThat(late.code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        open.countDown();
        assertThat(client.read().id()).isEqualTo(1);
        assertThat(client.read().id()).isEqualTo(5);
        assertThat(started).containsExactly("first", "third");
    }

    /** What a call to a blocking API says on an event loop of ttrpc, which is that of a server's non-blocking handler. */
    private String onALoop(Callable<?> blocking) throws Exception {
        RawClient client = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(Texts.ECHO, text -> {
                            try {
                                return CompletableFuture.completedFuture("no failure: " + blocking.call());
                            } catch (Exception e) {
                                return CompletableFuture.completedFuture(e.toString());
                            }
                        })
                        .onEventLoop()
                        .build());
        client.request(1, "Echo", "");
        return client.read().text();
    }

    private static final String REFUSED = "IllegalStateException: a blocking call on an event loop of ttrpc";

    @Test
    void blockingCallOnAnEventLoopThrowsAtOnceWhateverItsKind() throws Exception {
        try (RawServer peer = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(peer.address()).build()) {
            assertThat(onALoop(() -> channel.unary(Texts.ECHO, "", CallOptions.DEFAULT)))
                    .contains(REFUSED)
                    .contains("callbackExecutor");
            assertThat(onALoop(() -> channel.serverStreaming(Texts.SPLIT, "", CallOptions.DEFAULT)))
                    .contains(REFUSED);
            assertThat(onALoop(() -> channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT)))
                    .contains(REFUSED);
            assertThat(onALoop(() -> channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT)))
                    .contains(REFUSED);
            assertThat(channel.liveCalls()).isZero();
        }
    }

    @Test
    void readerAndWriterAndUploadThatWouldWaitOnAnEventLoopThrowAtOnce() throws Exception {
        try (RawServer peer = new RawServer();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(peer.address())
                        .sendBudget(1)
                        .build();
                DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
                UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT)) {
            assertThat(onALoop(chat::read)).contains(REFUSED);
            assertThat(onALoop(upload::finish)).contains(REFUSED);
            String large = "x".repeat(4 << 20);
            assertThat(onALoop(() -> {
                        for (int i = 0; i < 1000; i++) {
                            chat.write(large); // nobody reads: soon one has to wait
                        }
                        return null;
                    }))
                    .contains(REFUSED);
        }
    }

    @Test
    void closeOnAnEventLoopReturnsWithoutWaiting() throws Exception {
        try (RawServer peer = new RawServer()) {
            TtrpcChannel channel =
                    TtrpcChannel.builder().address(peer.address()).build();
            channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
            assertThat(onALoop(() -> {
                        channel.close();
                        return "closed";
                    }))
                    .contains("no failure: closed");
            org.awaitility.Awaitility.await().until(() -> channel.liveCalls() == 0);
        }
    }
}
