package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Output is reserved, then encoded; what waits for the peer to read holds up its own connection only. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class SendingTests {
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

    private TtrpcServer server() {
        return (TtrpcServer) closed.get(0);
    }

    /** Waits until a number that only grows was seen not to grow many times, since a busy machine may forget whoever makes it grow for some of them. */
    private static int settled(IntSupplier number) {
        AtomicInteger before = new AtomicInteger(-1);
        AtomicInteger same = new AtomicInteger();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    int now = number.getAsInt();
                    same.set(now > 0 && before.getAndSet(now) == now ? same.get() + 1 : 0);
                    return same.get() == 12;
                });
        return number.getAsInt();
    }

    /** Messages of one array, so that only what is encoded takes memory. */
    private static final class Large implements Marshaller<Integer> {
        private final byte[] bytes;

        Large(int size) {
            bytes = new byte[size];
        }

        @Override
        public int size(Integer message) {
            return bytes.length;
        }

        @Override
        public void write(Integer message, ByteBuffer target) {
            target.put(bytes);
        }

        @Override
        public Integer parse(ByteBuffer source) {
            return source.remaining();
        }
    }

    @Test
    void twoHundredAnswersOfFourMegabytesAtOnceTakeTheMemoryOfOne() throws Exception {
        int size = (4 << 20) - 16;
        MethodDescriptor<String, Integer> large =
                MethodDescriptor.unary(Texts.SERVICE, "Large", TextMarshaller.INSTANCE, new Large(size));
        CountDownLatch answer = new CountDownLatch(1);
        RawClient client = serve(
                TtrpcServer.builder().pool(200, 16_384, Duration.ofSeconds(10)),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(large, text -> {
                            answer.await();
                            return 1;
                        })
                        .build());
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        for (int i = 0; i < 200; i++) {
            client.request(1 + 2 * i, "Large", "");
        }
        Awaitility.await().until(() -> server().runningHandlers() == 200);
        answer.countDown();
        Awaitility.await().until(() -> server().runningHandlers() == 0);
        long most = 0;
        Set<Integer> answered = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            most = Math.max(most, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before);
            RawClient.Frame frame = client.read();
            assertThat(frame.body().length).isGreaterThan(size);
            answered.add(frame.id());
        }
        assertThat(answered).hasSize(200);
        assertThat(most).as("direct memory").isLessThan(16 << 20);
    }

    @Test
    void whileOutputWaitsNoCallOfItsConnectionIsStartedAndNothingIsRead() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        List<String> late = new ArrayList<>();
        boolean[] reading = new boolean[1];
        MethodDescriptor<String, Integer> large =
                MethodDescriptor.unary(Texts.SERVICE, "Large", TextMarshaller.INSTANCE, new Large(4_000_000));
        RawClient client = serve(
                TtrpcServer.builder().pool(2, 100, Duration.ofSeconds(10)),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(large, text -> begun.incrementAndGet())
                        .unary(Texts.ECHO, text -> {
                            synchronized (reading) {
                                late.add(text + (reading[0] ? " in time" : " too early"));
                            }
                            return text;
                        })
                        .clientStreaming(Texts.JOIN, messages -> {
                            for (String ignored : messages) {
                                taken.incrementAndGet();
                            }
                            return "";
                        })
                        .build());
        client.request(1, "Join", "");
        client.send(1, RawClient.DATA, 0, RawClient.text("before"));
        Awaitility.await().until(() -> taken.get() == 1);
        for (int i = 1; i <= 20; i++) { // 80 MB, more than sockets hold: some of it waits
            client.request(1 + 2 * i, "Large", "");
        }
        int started = settled(begun::get);
        assertThat(started)
                .as("those that began before an answer waited, and two that were about to")
                .isLessThan(10);
        client.request(101, "Echo", "call");
        client.send(1, RawClient.DATA, 0, RawClient.text("message"));
        assertThat(settled(begun::get)).isEqualTo(started);
        assertThat(taken).hasValue(1);
        synchronized (reading) {
            reading[0] = true;
        }
        for (int i = 0; i < 21; i++) {
            client.read();
        }
        assertThat(late).containsExactly("call in time");
        Awaitility.await().until(() -> taken.get() == 2);
    }

    @Test
    void callThatHasStartedGetsItsMessagesWhileOutputWaits() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<Flow.Subscription> chat = new CompletableFuture<>();
        List<String> got = new CopyOnWriteArrayList<>();
        MethodDescriptor<String, Integer> large =
                MethodDescriptor.unary(Texts.SERVICE, "Large", TextMarshaller.INSTANCE, new Large(4_000_000));
        RawClient client = serve(
                TtrpcServer.builder().pool(2, 100, Duration.ofSeconds(10)),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(large, text -> begun.incrementAndGet())
                        .clientStreamingAsync(Texts.JOIN, messages -> {
                            messages.subscribe(new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    chat.complete(subscription);
                                }

                                @Override
                                public void onNext(String message) {
                                    got.add(message);
                                }

                                @Override
                                public void onError(Throwable failure) {}

                                @Override
                                public void onComplete() {}
                            });
                            return new CompletableFuture<>();
                        })
                        .build());
        client.request(1, "Join", "");
        client.send(1, RawClient.DATA, 0, RawClient.text("before"));
        Flow.Subscription messages = chat.get(10, TimeUnit.SECONDS);
        for (int i = 1; i <= 20; i++) { // 80 MB, more than sockets hold: some of it waits
            client.request(1 + 2 * i, "Large", "");
        }
        settled(begun::get);
        messages.request(1);
        Awaitility.await().until(() -> got.equals(List.of("before")));
    }

    @Test
    void publisherIsAskedForNoMoreWhileOutputWaits() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        String message = "x".repeat(64 << 10);
        int messages = 2000; // 128 MiB
        RawClient client = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .serverStreamingAsync(
                                Texts.SPLIT,
                                text -> subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                                    private final AtomicInteger demand = new AtomicInteger();

                                    @Override
                                    public void request(long n) {
                                        if (demand.getAndAdd((int) n) > 0) {
                                            return;
                                        }
                                        do {
                                            if (asked.incrementAndGet() > messages) {
                                                subscriber.onComplete();
                                                return;
                                            }
                                            subscriber.onNext(message);
                                        } while (demand.decrementAndGet() > 0);
                                    }

                                    @Override
                                    public void cancel() {}
                                }))
                        .build());
        client.request(1, "Split", "");
        assertThat(settled(asked::get)).as("what budget and socket hold").isLessThan(messages / 2);
        for (int i = 0; i < messages; i++) {
            assertThat(client.read().body()).hasSize(64 << 10);
        }
        assertThat(client.read().toString()).isEqualTo("1 DATA 5");
    }

    @Test
    void clientGoesOnReadingWhileItsOutputWaits() throws Exception {
        try (RawServer server = new RawServer();
                TtrpcChannel channel =
                        TtrpcChannel.builder().address(server.address()).build()) {
            AtomicInteger written = new AtomicInteger();
            CompletableFuture<DuplexCall<String, String>> opened = CompletableFuture.supplyAsync(
                    () -> channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT), task -> new Thread(task).start());
            try (RawServer.Connection connection = server.accept()) {
                connection.read();
                DuplexCall<String, String> chat = opened.get(10, TimeUnit.SECONDS);
                String message = "x".repeat(1 << 20);
                Thread writer = new Thread(() -> {
                    while (true) {
                        try {
                            chat.write(message);
                            written.incrementAndGet();
                        } catch (dev.ttrpc.TtrpcException over) {
                            return;
                        }
                    }
                });
                writer.start();
                settled(written::get);
                for (int i = 0; i < 100; i++) {
                    connection.data(1, "m" + i);
                    assertThat(chat.read()).isEqualTo("m" + i);
                }
                Awaitility.await().until(() -> writer.getState() == Thread.State.WAITING);
                chat.close();
                writer.join(10_000);
                assertThat(writer.isAlive()).isFalse();
            }
        }
    }

    /** Remembers by which threads messages of which sizes were encoded. */
    private static final class Watched implements Marshaller<String> {
        private final Set<String> encoded = ConcurrentHashMap.newKeySet();

        @Override
        public int size(String message) {
            return message.length();
        }

        @Override
        public void write(String message, ByteBuffer target) {
            encoded.add(message.length() + " by "
                    + (Thread.currentThread().getName().startsWith("ttrpc-handler-")
                            ? "handler"
                            : Thread.currentThread().getName().startsWith("ttrpc-") ? "event loop" : "caller"));
            TextMarshaller.INSTANCE.write(message, target);
        }

        @Override
        public String parse(ByteBuffer source) throws java.io.IOException {
            return TextMarshaller.INSTANCE.parse(source);
        }
    }

    @Test
    void upToSixteenKiBTheEventLoopEncodesAboveThatTheSender() throws Exception {
        Watched requests = new Watched();
        Watched answers = new Watched();
        MethodDescriptor<String, String> echo = MethodDescriptor.unary(Texts.SERVICE, "Echo", requests, answers);
        MethodDescriptor<String, String> split =
                MethodDescriptor.serverStreaming(Texts.SERVICE, "Split", requests, answers);
        serve(
                TtrpcServer.builder().pool(4, 100, Duration.ofSeconds(10)),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(echo, text -> text)
                        .serverStreaming(split, (text, messages) -> messages.write(text))
                        .build());
        TtrpcChannel channel =
                TtrpcChannel.builder().address(server().addresses().get(0)).build();
        closed.add(channel);
        for (int size : new int[] {16_000, 17_000}) {
            channel.unary(echo, "x".repeat(size), CallOptions.DEFAULT);
            assertThat(channel.serverStreaming(split, "x".repeat(size + 1), CallOptions.DEFAULT))
                    .hasSize(1);
        }
        assertThat(requests.encoded)
                .containsExactlyInAnyOrder(
                        "16000 by event loop", "16001 by event loop", "17000 by caller", "17001 by caller");
        assertThat(answers.encoded)
                .containsExactlyInAnyOrder(
                        "16000 by event loop", "16001 by event loop", "17000 by handler", "17001 by handler");
    }
}
