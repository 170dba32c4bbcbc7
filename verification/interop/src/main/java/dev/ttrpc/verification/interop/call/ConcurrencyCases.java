package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Many calls of one connection at once. */
final class ConcurrencyCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "concurrent-slow-beside-fast", "a call that waits holds up no other", ConcurrencyCases::slow),
            new ConformanceCase("concurrent-unary", "1,000 calls, each with its own answer", ConcurrencyCases::unary),
            new ConformanceCase("concurrent-chat", "100 chats at once", ConcurrencyCases::chat));

    private static final int CALLS = 1_000;
    private static final int CHATS = 100;
    private static final int SLOW_MILLIS = 3_000;

    private ConcurrencyCases() {}

    /** Does not wait for the slow call: it ends with the channel. */
    private static void slow(Server server) {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    server.client().unary(Messages.unary(Plan.newBuilder().setDelayMillis(SLOW_MILLIS)));
                    slow.complete(null);
                },
                "slow call");
        caller.setDaemon(true);
        caller.setUncaughtExceptionHandler((thread, failure) -> slow.completeExceptionally(failure));
        caller.start();
        for (int i = 0; i < 20; i++) {
            server.mustStillAnswer();
        }
        Expect.isTrue("20 fast calls end before one of " + SLOW_MILLIS + " ms", !slow.isDone());
    }

    private static void unary(Server server) throws Exception {
        atOnce(CALLS, i -> {
            ByteString payload = ByteString.copyFromUtf8("call " + i);
            UnaryRequest request = UnaryRequest.newBuilder().setPayload(payload).build();
            Expect.equal("payload", server.client().unary(request).getPayload(), payload);
        });
    }

    private static void chat(Server server) throws Exception {
        atOnce(CHATS, i -> StreamCases.chatInTurns(server, 10));
    }

    private static void atOnce(int count, IntConsumer work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<? extends Future<?>> running = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit(() -> work.accept(i)))
                    .toList();
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            threads.shutdownNow();
        }
    }
}
