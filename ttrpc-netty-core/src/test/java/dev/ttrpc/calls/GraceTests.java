package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.CallContext;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is still seen through while a server or a channel ends. */
@Timeout(30)
class GraceTests {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int LARGE = 15 << 20; // more than sockets hold

    private final CountDownLatch open = new CountDownLatch(1);
    private final CompletableFuture<CallContext> begun = new CompletableFuture<>();
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();
    private TtrpcServer server;
    private RawClient client;

    /** Its handler waits for the latch, and answers what it was asked for. */
    private void serve(TtrpcServer.Builder builder) throws Exception {
        server = builder.listen("tcp://127.0.0.1:0")
                .maxMessageSize((16 << 20) - 1)
                .receiveBudget(32 << 20)
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> {
                            thread.complete(Thread.currentThread());
                            begun.complete(Objects.requireNonNull(CallContext.current()));
                            open.await();
                            return text.equals("large") ? "x".repeat(LARGE) : text;
                        })
                        .build())
                .build()
                .start();
        client = new RawClient(server.addresses().get(0));
    }

    private CallContext begin(String text) throws Exception {
        client.request(1, "Echo", text);
        return begun.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        open.countDown();
        if (server != null) {
            client.close();
            server.close();
        }
    }

    @Test
    void graceBeyondAllCountingIsAVeryLongOne() throws Exception {
        serve(TtrpcServer.builder());
        begin("a");
        CompletableFuture<Integer> end = server.shutdown(Duration.ofSeconds(Long.MAX_VALUE));
        GlobalEventExecutor.INSTANCE.submit(() -> {}).sync(); // behind a grace that is over at once
        client.send(3, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "b", 0));
        assertThat(client.read().id()).isEqualTo(3);
        open.countDown();
        assertThat(client.read().words()).isEqualTo("1 Response 0 a");
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void answerThatIsBeingWrittenArrivesWhole() throws Exception {
        serve(TtrpcServer.builder());
        begin("large");
        open.countDown();
        Awaitility.await().until(() -> server.liveCalls() == 0 && server.runningHandlers() == 0);
        CompletableFuture<Integer> end = server.shutdown(LONG);
        assertThat(client.read().body()).hasSizeGreaterThan(LARGE);
        assertThat(client.isClosed()).isTrue();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void whoAsksForTheDrainBehindItsBeginIsToldToo() throws Exception {
        serve(TtrpcServer.builder());
        CallContext call = begin("a");
        CompletableFuture<Integer> end = server.shutdown(LONG);
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        call.onDrain(() -> told.complete(true));
        assertThat(told.get(10, TimeUnit.SECONDS)).isTrue();
        open.countDown();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void connectionWhosePeerWasBeingCheckedWhenTheDrainBeganCloses() throws Exception {
        CountDownLatch checking = new CountDownLatch(1);
        serve(TtrpcServer.builder().peerCheck(peer -> {
            checking.countDown();
            try {
                return open.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        }));
        assertThat(checking.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Integer> end = server.shutdown(LONG);
        open.countDown();
        assertThat(client.isClosed()).isTrue();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        Awaitility.await().until(() -> server.connections() == 0);
    }

    @Test
    void threadsOfThePoolEndWithTheirServer() throws Exception {
        serve(TtrpcServer.builder().pool(1, 10, LONG));
        open.countDown();
        begin("a");
        assertThat(client.read().words()).isEqualTo("1 Response 0 a");
        assertThat(server.shutdown(LONG).get(10, TimeUnit.SECONDS)).isZero();
        thread.join().join(10_000);
        assertThat(thread.join().isAlive()).isFalse();
    }

    /** Listens, and gives its address back when the test says so. */
    private static final class SlowToClose implements TransportProvider {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public boolean supports(TtrpcAddress address) {
            return address instanceof TtrpcAddress.Custom custom
                    && custom.scheme().equals("slow");
        }

        @Override
        public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
            promise.setFailure(new IOException("nobody connects to " + address));
        }

        @Override
        public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) {
            return new Listener() {
                @Override
                public TtrpcAddress address() {
                    return address;
                }

                @Override
                public boolean isOpen() {
                    return !closed.isDone();
                }

                @Override
                public CompletionStage<Void> close() {
                    return closed;
                }

                @Override
                public CompletionStage<Void> closed() {
                    return closed;
                }
            };
        }
    }

    @Test
    void serverHasNotEndedBeforeItsAddressIsGivenBack() throws Exception {
        SlowToClose transport = new SlowToClose();
        try (TransportResources resources =
                        TransportResources.builder().provider(transport).build();
                TtrpcServer slow = TtrpcServer.builder()
                        .listen("slow:any")
                        .resources(resources)
                        .service(Texts.blocking())
                        .build()
                        .start()) {
            CompletableFuture<Integer> end = slow.shutdown(LONG);
            assertThat(end).isNotDone();
            transport.closed.complete(null);
            assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void channelAnswersWhatRunsAndTakesNoMoreAndEndsBehindTheLastCall() throws Exception {
        try (RawServer peer = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(peer.address()).build()) {
            CompletableFuture<String> running = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
            RawServer.Connection connection = peer.accept();
            connection.read();
            CompletableFuture<Void> end = channel.shutdown(LONG);
            assertThatThrownBy(() -> channel.unary(Texts.ECHO, "b", CallOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            refused -> assertThat(refused.neverSent()).isTrue());
            connection.answer(1, "done");
            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("done");
            end.get(10, TimeUnit.SECONDS);
            assertThat(connection.readToEnd()).isEmpty();
        }
    }
}
