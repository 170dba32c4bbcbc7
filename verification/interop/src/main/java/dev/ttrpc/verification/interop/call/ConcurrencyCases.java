package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Many calls of one connection at once. */
final class ConcurrencyCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "concurrent-slow-beside-fast", "a call that waits holds up no other", ConcurrencyCases::slow),
            new ConformanceCase("concurrent-unary", "1,000 calls, each with its own answer", ConcurrencyCases::unary),
            new ConformanceCase("concurrent-chat", "200 chats at once", ConcurrencyCases::chat),
            new ConformanceCase("concurrent-upload", "50 uploads at once", ConcurrencyCases::upload),
            new ConformanceCase("concurrent-download", "50 downloads at once", ConcurrencyCases::download),
            new ConformanceCase("concurrent-mixed", "calls of each kind at once", ConcurrencyCases::mixed),
            new ConformanceCase(
                    "concurrent-failures",
                    "failures and answers at once, each to its own call",
                    ConcurrencyCases::failures),
            new ConformanceCase(
                    "concurrent-hanging", "100 calls that wait hold up no other", ConcurrencyCases::hanging),
            new ConformanceCase(
                    "concurrent-connections", "20 connections with 20 calls each", ConcurrencyCases::connections));

    private static final int CALLS = 1_000;
    private static final int CHATS = 200;
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
        Background.atOnce(CALLS, i -> {
            ByteString payload = ByteString.copyFromUtf8("call " + i);
            UnaryRequest request = UnaryRequest.newBuilder().setPayload(payload).build();
            Expect.equal("payload", server.client().unary(request).getPayload(), payload);
        });
    }

    private static void upload(Server server) throws Exception {
        Background.atOnce(50, i -> oneUpload(server, 20 + i));
    }

    private static void oneUpload(Server server, int messages) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            for (int i = 0; i < messages; i++) {
                call.write(Messages.upload(100));
            }
            UploadResponse answer = call.finish();
            Expect.equal("messages", answer.getMessages(), (long) messages);
            Expect.equal("bytes", answer.getBytes(), 100L * messages);
        }
    }

    private static void download(Server server) throws Exception {
        Background.atOnce(50, i -> oneDownload(server, 20, 10_000 + i));
    }

    private static void oneDownload(Server server, int count, int size) {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(count, size))) {
            StreamCases.expectNumbers(messages, 0, count, size);
            Expect.equal("what follows the last message", messages.read(), null);
        }
    }

    private static void mixed(Server server) throws Exception {
        Background.atOnce(100, i -> {
            switch (i % 4) {
                case 0 -> oneUpload(server, i);
                case 1 -> oneDownload(server, i, 5_000);
                case 2 -> StreamCases.chatInTurns(server, 10);
                default -> server.mustStillAnswer();
            }
        });
    }

    private static void failures(Server server) throws Exception {
        Background.atOnce(200, i -> {
            if (i % 2 == 0) {
                server.mustStillAnswer();
                return;
            }
            UnaryRequest request = Messages.unary(Messages.status(StatusCode.NOT_FOUND, "failure " + i));
            Status status = Expect.thrown(() -> server.client().unary(request)).status();
            Expect.equal("status", status, Status.NOT_FOUND.withDescription("failure " + i));
        });
    }

    /** Does not wait for the hanging calls: they end with the channel. */
    private static void hanging(Server server) throws Exception {
        int started = server.hangs().getStarted();
        HangRequest request = HangRequest.newBuilder().setMaxMillis(15_000).build();
        try (Server second = server.again()) {
            for (int i = 0; i < 100; i++) {
                Background.start(() -> Expect.thrown(() -> second.client().hang(request)));
            }
            server.awaitHangs("each running handler", count -> count.getStarted() >= started + 100);
            for (int i = 0; i < 100; i++) {
                second.mustStillAnswer();
            }
        }
    }

    private static void connections(Server server) throws Exception {
        Background.atOnce(20, i -> {
            try (Server own = server.again()) {
                for (int call = 0; call < 20; call++) {
                    own.mustStillAnswer();
                }
            }
        });
    }

    private static void chat(Server server) throws Exception {
        Background.atOnce(CHATS, i -> StreamCases.chatInTurns(server, 10));
    }
}
