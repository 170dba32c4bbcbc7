package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connection holds received and not yet taken, and how a pause of reading ends. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class ReceivingTests {
    private static final int BUDGET = 8 << 20;
    private static final int OVERHEAD = 256;
    private static final int SMALL = BUDGET / OVERHEAD - 10; // empty messages, with room for a little beside them

    private final CountDownLatch open = new CountDownLatch(1);
    private final Semaphore steps = new Semaphore(0);
    private final BlockingQueue<Long> longestPauses =
            new LinkedBlockingQueue<>(); // of each Chat: nanoseconds in which it took no message
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        open.countDown();
        steps.release(1_000_000);
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    /** Join takes nothing before the latch opens; Chat takes a message for each step it is given, and answers nothing before the end. */
    private RawClient serve(Duration stall) throws Exception {
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .receiveBudget(BUDGET)
                .stallTimeout(stall)
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> text)
                        .clientStreaming(Texts.JOIN, messages -> {
                            open.await();
                            int count = 0;
                            for (String ignored : messages) {
                                count++;
                            }
                            return String.valueOf(count);
                        })
                        .bidiStreaming(Texts.CHAT, (messages, answers) -> {
                            int count = 0;
                            long taken = System.nanoTime();
                            long longestPause = 0;
                            try {
                                steps.acquire();
                                for (String ignored : messages) {
                                    count++;
                                    longestPause = Math.max(longestPause, System.nanoTime() - taken);
                                    taken = System.nanoTime();
                                    steps.acquire();
                                }
                            } finally {
                                longestPauses.add(Math.max(longestPause, System.nanoTime() - taken));
                            }
                            answers.write(String.valueOf(count));
                        })
                        .build())
                .build()
                .start();
        closed.add(server);
        RawClient client = new RawClient(server.addresses().get(0));
        closed.add(client);
        return client;
    }

    private static byte[] emptyMessages(int id, int count) {
        ByteBuffer frames = ByteBuffer.allocate(10 * count);
        for (int i = 0; i < count; i++) {
            frames.putInt(0).putInt(id).put((byte) RawClient.DATA).put((byte) 0);
        }
        return frames.array();
    }

    @Test
    void builderRefusesABudgetBelowTwiceTheLargestMessage() {
        assertThatThrownBy(() -> TtrpcServer.builder()
                        .maxMessageSize(1 << 20)
                        .receiveBudget((2 << 20) - 1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least twice the maximum message size of 1048576");
        assertThatThrownBy(() -> TtrpcChannel.builder()
                        .address("tcp://127.0.0.1:1")
                        .maxMessageSize(1 << 20)
                        .receiveBudget((2 << 20) - 1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least twice the maximum message size of 1048576");
        TtrpcServer.builder()
                .maxMessageSize(1 << 20)
                .receiveBudget(2 << 20)
                .build()
                .close();
    }

    @Test
    void builderHasABudgetOf16MiBByDefault() {
        assertThatThrownBy(() ->
                        TtrpcServer.builder().maxMessageSize((8 << 20) + 1).build())
                .hasMessageContaining("the receive budget of 16777216 bytes");
        assertThatThrownBy(() -> TtrpcChannel.builder()
                        .address("tcp://127.0.0.1:1")
                        .maxMessageSize((8 << 20) + 1)
                        .build())
                .hasMessageContaining("the receive budget of 16777216 bytes");
    }

    @Test
    void emptyMessagesUseTheBudgetUpAndOnlyThenTheirStreamStalls() throws Exception {
        RawClient client = serve(Duration.ofMillis(100));
        client.request(1, "Join", "");
        client.bytes(emptyMessages(1, BUDGET / OVERHEAD - 8)); // room for a request beside them
        client.request(3, "Echo", "beside");
        assertThat(client.read().id()).as("not paused").isEqualTo(3);
        client.bytes(emptyMessages(1, 9));
        RawClient.Frame stalled = client.read();
        assertThat(stalled.id()).isEqualTo(1);
        assertThat(stalled.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(stalled.text()).contains("stream stalled");
        client.request(5, "Echo", "goes on");
        assertThat(client.read().id()).isEqualTo(5);
    }

    /** The rule speaks of a consumer that takes a message within each stall-timeout: a machine that lets it wait for longer has shown nothing. */
    private void assertLetWaitFor(Duration stall) throws Exception {
        Long pause = longestPauses.poll(10, TimeUnit.SECONDS);
        assertThat(pause)
                .as("what the stream that failed took nothing for")
                .isNotNull()
                .isGreaterThanOrEqualTo(stall.toNanos());
    }

    /** Lets Chat take a message after each pause, and counts them. */
    private AtomicInteger stepEach(long millis) {
        AtomicInteger given = new AtomicInteger();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        closed.add(clock::shutdownNow);
        clock.scheduleWithFixedDelay(
                () -> {
                    given.incrementAndGet();
                    steps.release();
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
        return given;
    }

    @Test
    void ofAHundredStreamsTheLargestFailsFirstThenTheNextUntilReadingGoesOn() throws Exception {
        Duration stall = Duration.ofMillis(400);
        List<Integer> failed = failedOfAHundred(stall);
        while (failed.contains(1)) {
            assertLetWaitFor(stall);
            stall = stall.multipliedBy(4);
            failed = failedOfAHundred(stall);
        }
        assertThat(failed).as("more than one").hasSizeGreaterThan(1);
        List<Integer> largestFirst = new ArrayList<>();
        for (int i = 0; i < failed.size(); i++) {
            largestFirst.add(201 - 2 * i);
        }
        assertThat(failed).isEqualTo(largestFirst);
    }

    private List<Integer> failedOfAHundred(Duration stall) throws Exception {
        RawClient client = serve(stall);
        client.request(1, "Chat", ""); // slow, but it moves
        client.bytes(emptyMessages(1, 2000));
        int largest = 70 << 10; // more than a read: each is put together, and counts its own length
        for (int i = 1; i <= 100; i++) {
            client.request(1 + 2 * i, "Join", "");
            client.send(1 + 2 * i, RawClient.DATA, 0, new byte[largest - 100 + i]);
        }
        stepEach(20);
        client.send(1, RawClient.DATA, 0, new byte[900_000]); // some streams above the budget
        List<Integer> answers = new ArrayList<>();
        answers.add(client.read().id());
        client.request(301, "Echo", "behind"); // what came with the last read would be answered in the pause
        while (!answers.contains(301)) {
            answers.add(client.read().id());
        }
        return answers.subList(0, answers.size() - 1);
    }

    @Test
    void consumerThatIsSlowButMovesIsNeverFailed() throws Exception {
        Duration stall = Duration.ofMillis(400);
        RawClient client = slowChat(stall);
        RawClient.Frame first = client.read();
        while (first.type() == RawClient.RESPONSE) {
            assertThat(first.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
            assertLetWaitFor(stall);
            stall = stall.multipliedBy(4);
            client = slowChat(stall);
            first = client.read();
        }
        assertThat(first.text()).isEqualTo(String.valueOf(SMALL + 1));
        assertThat(client.read().toString()).isEqualTo("1 DATA 5");
    }

    private RawClient slowChat(Duration stall) throws Exception {
        steps.drainPermits();
        RawClient client = serve(stall);
        client.request(1, "Chat", "");
        client.bytes(emptyMessages(1, SMALL));
        client.send(1, RawClient.DATA, 0, new byte[200 * OVERHEAD]); // above the budget by about as many messages
        AtomicInteger taken = stepEach(10);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> taken.get() >= 150); // so one pause lasts for three stall time-outs
        steps.release(1_000_000);
        client.send(1, RawClient.DATA, 5, new byte[0]);
        return client;
    }

    @Test
    void clientStallsTheLargestOfItsStreamsToo() throws Exception {
        try (RawServer server = new RawServer();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(server.address())
                        .receiveBudget(BUDGET)
                        .stallTimeout(Duration.ofMillis(100))
                        .build()) {
            try (var small = channel.serverStreaming(Texts.SPLIT, "", CallOptions.DEFAULT);
                    var large = channel.serverStreaming(Texts.SPLIT, "", CallOptions.DEFAULT);
                    RawServer.Connection connection = server.accept()) {
                connection.read();
                connection.read();
                connection.data(1, "x".repeat(3 << 20));
                connection.data(3, "x".repeat((3 << 20) + 1));
                connection.data(1, "x");
                CompletableFuture<String> beside =
                        channel.unaryAsync(Texts.ECHO, "beside", CallOptions.deadline(Duration.ofSeconds(30)));
                connection.read();
                connection.data(1, "y".repeat(3 << 20)); // 9 MiB: above the budget, and now the first holds more
                connection.answer(5, "beside");
                assertThat(beside.get(30, TimeUnit.SECONDS)).isEqualTo("beside");
                await().until(() ->
                        channel.statistics().stalledCalls() == 1); // the answer may have come with the last read
                assertThat(large.read()).hasSize((3 << 20) + 1);
                assertThatThrownBy(small::read).hasMessageContaining("stalled");
            }
        }
    }

    @Test
    void answerThatWaitsForTheCallbackExecutorCountsAndStalls() throws Exception {
        List<Runnable> callbacks = new ArrayList<>();
        Executor stuck = task -> {
            synchronized (callbacks) {
                callbacks.add(task);
            }
        };
        try (RawServer server = new RawServer();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(server.address())
                        .receiveBudget(BUDGET)
                        .stallTimeout(Duration.ofMillis(100))
                        .callbackExecutor(stuck)
                        .build()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(channel.unaryAsync(Texts.ECHO, "m", CallOptions.DEFAULT));
            }
            try (RawServer.Connection connection = server.accept()) {
                for (int i = 0; i < 6; i++) {
                    connection.read();
                }
                for (int i = 0; i < 6; i++) { // 3 MiB each: the third is above the budget
                    connection.answer(1 + 2 * i, "x".repeat(3 << 20));
                }
                await().until(() -> {
                    synchronized (callbacks) {
                        return callbacks.size() == 6;
                    }
                });
            }
            synchronized (callbacks) {
                callbacks.forEach(Runnable::run);
            }
            int taken = 0;
            for (CompletableFuture<String> answer : answers) {
                if (!answer.isCompletedExceptionally()) {
                    assertThat(answer.get()).hasSize(3 << 20);
                    taken++;
                }
            }
            assertThat(taken).isBetween(1, 3);
        }
    }

    @Test
    void bytesOfAFrameUnderWayCostOnlyWhatHasCome() throws Exception {
        serve(Duration.ofMillis(100));
        long before = io.netty.buffer.PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        for (int i = 0; i < 20; i++) { // announced, and nothing of it sent
            RawClient other =
                    new RawClient(((TtrpcServer) closed.get(0)).addresses().get(0));
            closed.add(other);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(
                    RawServer.frame(1, RawClient.REQUEST, 0, RawClient.requestBody(Texts.SERVICE, "Echo", "a", 0)));
            frames.writeBytes(ByteBuffer.allocate(11)
                    .putInt(4 << 20)
                    .putInt(3)
                    .put((byte) RawClient.REQUEST)
                    .array());
            other.bytes(frames.toByteArray());
            other.read(); // by now the beginning behind it was read too
        }
        long after = io.netty.buffer.PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        assertThat(after - before).isLessThan(20L * (256 << 10));
    }

    @Test
    void manyFramesInOneReadAreEachCounted() throws Exception {
        RawClient client = serve(Duration.ofMinutes(1));
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(
                RawServer.frame(1, RawClient.REQUEST, 0, RawClient.requestBody(Texts.SERVICE, "Join", "", 0)));
        frames.writeBytes(emptyMessages(1, 3000));
        client.bytes(frames.toByteArray());
        client.send(1, RawClient.DATA, 5, new byte[0]);
        open.countDown();
        assertThat(client.read().text()).endsWith("3000");
    }
}
