package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers and clients that do anything in any order: every id that carried a Request gets exactly one terminal frame, and nothing behind it. */
@Timeout(120)
@ExtendWith(BlockingCheck.class)
class OneTerminalFrameTests {
    /** Printed where the test fails; another one is another script. */
    private static final long SEED = 20_260_601;

    private static final int CALLS = 1000;
    private static final int LIMIT = 4096;
    private static final int AFTERWARDS = 0;

    @ParameterizedTest
    @EnumSource
    void everyIdGetsExactlyOneTerminalFrameWhateverTheHandlerDoes(Stack stack) throws Exception {
        Random random = new Random(SEED + stack.ordinal());
        try (RecordedLog log = RecordedLog.ofServers();
                RecordedLog quiet = new RecordedLog("dev.ttrpc.internal.connection");
                TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .maxMessageSize(LIMIT)
                        .service(anything(stack))
                        .build()
                        .start();
                RawClient client = new RawClient(server.addresses().get(0))) {
            Map<Integer, Integer> terminal = new HashMap<>();
            CompletableFuture<Void> written = CompletableFuture.runAsync(
                    () -> write(client, random), task -> new Thread(task).start()); // handlers use the common pool
            while (terminal.size() < CALLS || !written.isDone()) {
                count(client.read(), terminal);
            }
            OnEveryStack.until(() -> server.liveCalls() == 0 && server.runningHandlers() == 0);
            client.send(AFTERWARDS, DATA, 0, new byte[0]);
            for (RawClient.Frame frame = client.read(); frame.id() != AFTERWARDS; frame = client.read()) {
                count(frame, terminal);
            }
            assertThat(terminal).as("seed %d, %s", SEED, stack).hasSize(CALLS);
            assertThat(log.messages(Level.ERROR)).as("handlers have failed").isNotEmpty();
            assertThat(quiet.messages(Level.ERROR))
                    .allSatisfy(line -> assertThat(line).contains("subscriber"));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with seed " + SEED + " on " + stack, e);
        }
    }

    private static void count(RawClient.Frame frame, Map<Integer, Integer> terminal) {
        assertThat(terminal).as("a frame behind the end: %s", frame.words()).doesNotContainKey(frame.id());
        if (frame.isTerminal()) {
            terminal.merge(frame.id(), 1, Integer::sum);
        }
    }

    /** Opens every call once and lets frames of any form follow, in between and afterwards, right or wrong but never a second Request behind the end. */
    private static void write(RawClient client, Random random) {
        try {
            for (int i = 0; i < CALLS; i++) {
                int id = 2 * i + 1;
                Kind kind = Kind.values()[random.nextInt(4)];
                long timeout = random.nextInt(4) == 0 ? 1 + random.nextInt(3_000_000) : 0;
                client.send(
                        id,
                        REQUEST,
                        kind.flags,
                        requestBody(Texts.SERVICE, kind.method, String.valueOf(random.nextLong()), timeout));
                for (int j = random.nextInt(4); j > 0; j--) {
                    int to = Math.max(1, id - 2 * random.nextInt(4));
                    boolean large = random.nextInt(20) == 0;
                    client.send(to, DATA, random.nextInt(8), large ? new byte[LIMIT + 1] : text("m"));
                }
                client.send(id, DATA, RawClient.RC | RawClient.ND, new byte[0]);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Handlers that take their script from the request, or where there is none from chance. */
    private static ServiceDefinition anything(Stack stack) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(Texts.SERVICE);
        Random seeds = new Random(SEED);
        if (stack.isAsync()) {
            builder.unaryAsync(Texts.ECHO, request -> stage(new Random(request.hashCode())))
                    .serverStreamingAsync(Texts.SPLIT, request -> publisher(new Random(request.hashCode()), null))
                    .clientStreamingAsync(Texts.JOIN, requests -> {
                        Random random = next(seeds);
                        subscribe(random, requests);
                        return stage(random);
                    })
                    .bidiStreamingAsync(Texts.CHAT, requests -> publisher(next(seeds), requests));
        } else {
            builder.unary(Texts.ECHO, request -> answer(new Random(request.hashCode())))
                    .serverStreaming(
                            Texts.SPLIT, (request, writer) -> stream(new Random(request.hashCode()), null, writer))
                    .clientStreaming(Texts.JOIN, requests -> {
                        Random random = next(seeds);
                        read(random, requests);
                        return answer(random);
                    })
                    .bidiStreaming(Texts.CHAT, (requests, writer) -> stream(next(seeds), requests, writer));
        }
        if (stack == Stack.NON_BLOCKING || stack == Stack.ASYNC_ON_LOOP) {
            builder.onEventLoop();
        }
        return builder.build();
    }

    private static Random next(Random seeds) {
        synchronized (seeds) {
            return new Random(seeds.nextLong());
        }
    }

    private static String answer(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> null;
            case 1 -> throw Status.ABORTED.asException();
            case 2 -> throw new IllegalStateException("any");
            case 3 -> throw new StackOverflowError();
            case 4 -> "x".repeat(LIMIT);
            case 5 -> "";
            default -> "answer";
        };
    }

    private static void read(Random random, MessageReader<String> requests) {
        for (int i = random.nextInt(4); i > 0; i--) {
            requests.read();
        }
        if (random.nextBoolean()) {
            requests.close();
        }
    }

    private static void stream(Random random, MessageReader<String> requests, MessageWriter<String> writer) {
        if (requests != null) {
            read(random, requests);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            if (random.nextBoolean()) {
                writer.write("message");
            }
            String answer = answer(random);
            try {
                writer.write(answer);
            } catch (RuntimeException told) {
                if (random.nextBoolean()) {
                    throw told; // or goes on as if nothing had been
                }
            }
        }
        if (random.nextBoolean()) {
            ForkJoinPool.commonPool().execute(() -> lateWrite(writer));
        }
    }

    private static void lateWrite(MessageWriter<String> writer) {
        try {
            writer.write("late");
        } catch (RuntimeException told) {
            assertThat(told).isNotNull(); // which is how a late writer is told
        }
    }

    private static CompletableFuture<String> stage(Random random) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        CompletableFuture<String> stage = new CompletableFuture<>();
        Runnable end = () -> {
            try {
                stage.complete(answer(random));
            } catch (RuntimeException | Error e) {
                stage.completeExceptionally(e);
            }
        };
        anywhere(random, end);
        return stage;
    }

    private static void anywhere(Random random, Runnable task) {
        if (random.nextBoolean()) {
            ForkJoinPool.commonPool().execute(task);
        } else {
            task.run();
        }
    }

    private static void subscribe(Random random, Flow.Publisher<String> requests) {
        if (random.nextInt(4) == 0) {
            return;
        }
        boolean cancels = random.nextBoolean();
        boolean throwing = random.nextInt(8) == 0;
        requests.subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                this.subscription = subscription;
                subscription.request(3);
            }

            @Override
            public void onNext(String message) {
                if (throwing) {
                    throw new IllegalStateException("a subscriber");
                } else if (cancels) {
                    subscription.cancel();
                }
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
    }

    /** Publishes what its script says and breaks the rules: signals behind the end, two ends, from other threads, more than was asked for. */
    private static Flow.Publisher<String> publisher(Random random, Flow.Publisher<String> requests) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        if (requests != null) {
            subscribe(random, requests);
        }
        return subscriber -> {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            anywhere(random, () -> publish(random, subscriber));
        };
    }

    private static void publish(Random random, Flow.Subscriber<? super String> subscriber) {
        for (int i = random.nextInt(5); i > 0; i--) {
            try {
                switch (random.nextInt(4)) {
                    case 0 -> subscriber.onError(Status.ABORTED.asException());
                    case 1 -> subscriber.onComplete();
                    default -> subscriber.onNext(answer(random));
                }
            } catch (RuntimeException | Error e) {
                subscriber.onError(e);
            }
        }
        subscriber.onComplete();
    }
}
