package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Well-formed calls of all kinds, by the blocking and the async stub, each checked to its end. For one thread. */
final class CallOnce {
    private static final CallOptions PATIENT = CallOptions.deadline(Duration.ofSeconds(30));
    /** For calls that are given up: the server is not told, so their own deadline frees its side. On a busy machine it may pass first. */
    private static final CallOptions GIVEN_UP = CallOptions.deadline(Duration.ofSeconds(2));

    private static final int SMALL = 1 << 10;
    private static final int MIDDLE = 64 << 10;
    private static final int LARGE = 2 << 20;
    private static final int MESSAGES = 50;
    private static final int MESSAGE_SIZE = 8 << 10;
    private static final int AT_ONCE = 16;
    private static final int HIGHEST_CODE = 16;

    private final TtrpcChannel channel;
    private final Random random;
    private final List<Kind> kinds = List.of(
            new Kind("echo", this::echo),
            new Kind("download", this::download),
            new Kind("upload", this::upload),
            new Kind("chat", this::chat),
            new Kind("deadline", this::deadline),
            new Kind("status", this::status),
            new Kind("download-closed", this::downloadClosed),
            new Kind("upload-closed", this::uploadClosed),
            new Kind("chat-closed", this::chatClosed),
            new Kind("interrupt", this::interrupt),
            new Kind("echo-async", this::echoAsync),
            new Kind("download-async", this::downloadAsync),
            new Kind("upload-async", this::uploadAsync),
            new Kind("chat-async", this::chatAsync),
            new Kind("future-cancelled", this::futureCancelled),
            new Kind("subscription-cancelled", this::subscriptionCancelled));

    private record Kind(String name, Body body) {}

    @FunctionalInterface
    private interface Body {
        void run(LoadMethods methods) throws InterruptedException;
    }

    CallOnce(TtrpcChannel channel, Random random) {
        this.channel = channel;
        this.random = random;
    }

    /** Makes one call, or a few at once, of a kind and to a service that chance decides. */
    void run(Tally tally) throws InterruptedException {
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        LoadMethods methods = LoadMethods.BOTH.get(random.nextInt(2));
        try {
            kind.body().run(methods);
            tally.done(kind.name());
        } catch (RuntimeException | AssertionError e) {
            tally.failed(kind.name() + " of " + methods + " by " + channel.address(), e);
        }
    }

    private int size() {
        int chance = random.nextInt(100);
        return random.nextInt(chance < 80 ? SMALL : chance < 95 ? MIDDLE : LARGE);
    }

    private LoadMessage ask(int count, int size) {
        return LoadMessage.newBuilder()
                .setNumber(random.nextInt(1 << 20))
                .setCount(count)
                .setSize(size)
                .build();
    }

    private void echo(LoadMethods methods) {
        int number = random.nextInt();
        int size = size();
        LoadMessage answer = channel.unary(methods.echo(), Payloads.message(number, size), PATIENT);
        Payloads.check(answer, number, size);
    }

    private void download(LoadMethods methods) {
        LoadMessage request = ask(random.nextInt(MESSAGES), random.nextInt(MESSAGE_SIZE));
        try (MessageReader<LoadMessage> answers = channel.serverStreaming(methods.download(), request, PATIENT)) {
            int read = 0;
            for (LoadMessage answer : answers) {
                Payloads.check(answer, request.getNumber() + read++, request.getSize());
            }
            Expected.equal(request.getCount(), read, "messages of a download");
        }
    }

    private void upload(LoadMethods methods) {
        int count = random.nextInt(MESSAGES);
        try (UploadCall<LoadMessage, LoadMessage> call = channel.clientStreaming(methods.upload(), PATIENT)) {
            for (int i = 0; i < count; i++) {
                call.write(Payloads.message(i, random.nextInt(MESSAGE_SIZE)));
            }
            Expected.equal(count, call.finish().getCount(), "messages of an upload");
        }
    }

    private void chat(LoadMethods methods) {
        int count = random.nextInt(MESSAGES);
        try (DuplexCall<LoadMessage, LoadMessage> call = channel.bidiStreaming(methods.chat(), PATIENT)) {
            for (int i = 0; i < count; i++) {
                int size = random.nextInt(MESSAGE_SIZE);
                call.write(Payloads.message(i, size));
                LoadMessage answer = call.read();
                if (answer == null) {
                    throw new AssertionError("a chat ended by itself");
                }
                Payloads.check(answer, i, size);
            }
            call.finish();
            if (call.read() != null) {
                throw new AssertionError("a chat went on behind its end");
            }
        }
    }

    private void deadline(LoadMethods methods) throws InterruptedException {
        CallOptions options = CallOptions.deadline(Duration.ofMillis(1 + random.nextInt(30)));
        Expected.failure(StatusCode.DEADLINE_EXCEEDED, () -> channel.unary(methods.hang(), ask(0, 0), options));
    }

    private void status(LoadMethods methods) throws InterruptedException {
        int code = 1 + random.nextInt(HIGHEST_CODE);
        Expected.failure(Status.forCodeValue(code).code(), () -> channel.unary(methods.fail(), ask(code, 0), PATIENT));
    }

    private void downloadClosed(LoadMethods methods) {
        LoadMessage request = ask(MESSAGES, random.nextInt(MESSAGE_SIZE));
        try (MessageReader<LoadMessage> answers = channel.serverStreaming(methods.download(), request, PATIENT)) {
            for (int i = random.nextInt(MESSAGES); i > 0; i--) {
                if (answers.read() == null) {
                    throw new AssertionError("a download ended early");
                }
            }
        }
    }

    private void uploadClosed(LoadMethods methods) {
        try (UploadCall<LoadMessage, LoadMessage> call = channel.clientStreaming(methods.upload(), GIVEN_UP)) {
            call.write(Payloads.message(0, random.nextInt(MESSAGE_SIZE)));
        } catch (TtrpcException e) {
            Expected.deadline(e);
        }
    }

    private void chatClosed(LoadMethods methods) {
        try (DuplexCall<LoadMessage, LoadMessage> call = channel.bidiStreaming(methods.chat(), GIVEN_UP)) {
            call.write(Payloads.message(0, random.nextInt(MESSAGE_SIZE)));
        } catch (TtrpcException e) {
            Expected.deadline(e);
        }
    }

    private void interrupt(LoadMethods methods) throws InterruptedException {
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try {
                        channel.unary(methods.hang(), ask(0, 0), GIVEN_UP);
                        stillInterrupted.completeExceptionally(new AssertionError("a hanging call ended well"));
                    } catch (RuntimeException e) {
                        if (e instanceof TtrpcException failure
                                && failure.status().code() == StatusCode.CANCELLED) {
                            stillInterrupted.complete(Thread.currentThread().isInterrupted());
                        } else {
                            stillInterrupted.completeExceptionally(e);
                        }
                    }
                },
                "interrupted caller");
        caller.setDaemon(true);
        caller.start();
        pause(3);
        caller.interrupt();
        if (!Expected.result(stillInterrupted)) {
            throw new AssertionError("the interrupt was lost");
        }
        caller.join();
    }

    private void echoAsync(LoadMethods methods) throws InterruptedException {
        int size = size() / AT_ONCE;
        List<CompletableFuture<LoadMessage>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            answers.add(channel.unaryAsync(methods.echo(), Payloads.message(i, size), PATIENT));
        }
        for (int i = 0; i < AT_ONCE; i++) {
            Payloads.check(Expected.result(answers.get(i)), i, size);
        }
    }

    private void downloadAsync(LoadMethods methods) throws InterruptedException {
        LoadMessage request = ask(random.nextInt(MESSAGES), random.nextInt(MESSAGE_SIZE));
        AtomicInteger read = new AtomicInteger();
        Collected<AtomicInteger> collected = new Collected<>(
                read,
                message -> Payloads.check(message, request.getNumber() + read.getAndIncrement(), request.getSize()));
        channel.serverStreamingAsync(methods.download(), request, PATIENT).subscribe(collected);
        Expected.equal(request.getCount(), Expected.result(collected.result()).get(), "messages of a download");
    }

    private void uploadAsync(LoadMethods methods) throws InterruptedException {
        int count = random.nextInt(MESSAGES);
        Produced<LoadMessage> messages = Produced.numbered(0, count, random.nextInt(MESSAGE_SIZE));
        LoadMessage answer = Expected.result(channel.clientStreamingAsync(methods.upload(), messages, PATIENT));
        Expected.equal(count, answer.getCount(), "messages of an upload");
    }

    private void chatAsync(LoadMethods methods) throws InterruptedException {
        int count = random.nextInt(MESSAGES);
        int size = random.nextInt(MESSAGE_SIZE);
        AtomicInteger read = new AtomicInteger();
        Collected<AtomicInteger> collected =
                new Collected<>(read, message -> Payloads.check(message, read.getAndIncrement(), size));
        channel.bidiStreamingAsync(methods.chat(), Produced.numbered(0, count, size), PATIENT)
                .subscribe(collected);
        Expected.equal(count, Expected.result(collected.result()).get(), "messages of a chat");
    }

    private void futureCancelled(LoadMethods methods) throws InterruptedException {
        CompletableFuture<LoadMessage> answer = channel.unaryAsync(methods.hang(), ask(0, 0), GIVEN_UP);
        pause(2);
        answer.cancel(true);
        Expected.failure(StatusCode.CANCELLED, () -> Expected.result(answer));
    }

    private void subscriptionCancelled(LoadMethods methods) throws InterruptedException {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        Collected<Boolean> collected = new Collected<>(true, message -> {
            if (message.getNumber() == MESSAGES / 2) {
                enough.complete(null);
            }
        });
        channel.bidiStreamingAsync(
                        methods.chat(), Produced.numbered(0, 2 * MESSAGES, random.nextInt(MESSAGE_SIZE)), GIVEN_UP)
                .subscribe(collected);
        // the call's short deadline may pass first on a machine that is busy
        CompletableFuture.anyOf(enough, collected.result().exceptionally(failure -> false))
                .join();
        collected.cancel();
    }

    private void pause(int atMostMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(atMostMillis + 1)));
    }
}
