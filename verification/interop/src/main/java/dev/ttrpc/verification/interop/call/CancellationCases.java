package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;

/** Calls that are given up. Nothing of that is sent; the connection stays. */
final class CancellationCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "cancel-disconnect", "a lost connection cancels the handler", CancellationCases::disconnect),
            new ConformanceCase(
                    "cancel-interrupt", "an interrupt cancels the call of a thread", CancellationCases::interrupt),
            new ConformanceCase("cancel-upload", "an upload given up", CancellationCases::upload),
            new ConformanceCase("cancel-download", "a download given up while data comes", CancellationCases::download),
            new ConformanceCase("cancel-chat", "a chat given up while data comes", CancellationCases::chat));

    private static final HangRequest HANG =
            HangRequest.newBuilder().setMaxMillis(15_000).build();

    private CancellationCases() {}

    private static void disconnect(Server server) throws Exception {
        int started = server.hangs().getStarted();
        int cancelled = server.hangs().getCancelled();
        CompletableFuture<TtrpcException> end;
        try (Server second = server.again()) {
            end = inBackground(() -> Expect.failure(() -> second.client().hang(HANG)));
            server.awaitHangs("the running handler", count -> count.getStarted() > started);
        }
        TtrpcException failure = end.get();
        StatusCode code = failure.status().code();
        Expect.isTrue(
                "the call of a closed channel ends CANCELLED or UNAVAILABLE: " + failure.status(),
                code == StatusCode.CANCELLED || code == StatusCode.UNAVAILABLE);
        server.awaitHangs("the cancelled handler", count -> count.getCancelled() > cancelled);
    }

    private static void interrupt(Server server) throws Exception {
        int started = server.hangs().getStarted();
        FutureTask<Boolean> call = new FutureTask<>(() -> {
            Expect.status(StatusCode.CANCELLED, () -> server.client().hang(HANG));
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = new Thread(call, "caller");
        caller.setDaemon(true);
        caller.start();
        server.awaitHangs("the running handler", count -> count.getStarted() > started);
        caller.interrupt();
        Expect.equal("the interrupt flag of the caller", call.get(), true);
        server.mustStillAnswer();
    }

    private static void upload(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(10));
        }
        server.mustStillAnswer();
    }

    private static void download(Server server) {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(1_000, 1_000))) {
            Expect.notNull("first message", messages.read());
        }
        server.mustStillAnswer();
    }

    private static void chat(Server server) {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < 10; i++) {
                chat.write(Messages.chat(i));
            }
            Expect.notNull("first message", chat.read());
        }
        server.mustStillAnswer();
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                },
                "in background");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
