package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.time.Duration;
import java.util.List;

/** Deadlines, on unary calls and on each kind of stream. */
final class DeadlineCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase("deadline-arrives", "the handler sees how much time is left", DeadlineCases::arrives),
            new ConformanceCase(
                    "deadline-farthest", "the farthest deadline overflows nothing", DeadlineCases::farthest),
            new ConformanceCase("deadline-unary", "it ends a unary call and cancels the handler", DeadlineCases::unary),
            new ConformanceCase(
                    "deadline-expired", "one that has passed ends the call at once", DeadlineCases::expired),
            new ConformanceCase("deadline-late-answer", "an answer after it harms nobody", DeadlineCases::lateAnswer),
            new ConformanceCase("deadline-upload", "it ends an upload", DeadlineCases::upload),
            new ConformanceCase("deadline-download", "it ends a download after what had come", DeadlineCases::download),
            new ConformanceCase("deadline-chat", "it ends a chat", DeadlineCases::chat),
            new ConformanceCase(
                    "deadline-expired-streams",
                    "one that has passed ends each kind of stream",
                    DeadlineCases::expiredStreams),
            new ConformanceCase(
                    "deadline-far-streams", "one that is far off disturbs no stream", DeadlineCases::farStreams),
            new ConformanceCase(
                    "deadline-writing", "it ends a writer whose messages nobody takes", DeadlineCases::writing),
            new ConformanceCase(
                    "deadline-many", "100 of them pass at once, each handler is cancelled", DeadlineCases::many));

    private static final String REFUSED_AT_DEADLINE = "data handling error: context deadline exceeded";
    private static final CallOptions SHORT = CallOptions.deadline(Duration.ofMillis(200));
    /** Long enough for a first message on a busy machine. */
    private static final CallOptions LONGER = CallOptions.deadline(Duration.ofMillis(800));

    private static final int LONG_MILLIS = 15_000;

    private DeadlineCases() {}

    private static void arrives(Server server) {
        long left = server.client()
                .unary(UnaryRequest.getDefaultInstance(), CallOptions.deadline(Duration.ofMinutes(1)))
                .getCall()
                .getRemainingNanos();
        Expect.isTrue(
                "at most a minute is left, and more than half of it: " + left,
                left <= Duration.ofMinutes(1).toNanos()
                        && left > Duration.ofSeconds(30).toNanos());
    }

    private static void farthest(Server server) {
        long left = server.client()
                .unary(UnaryRequest.getDefaultInstance(), CallOptions.deadline(Duration.ofSeconds(Long.MAX_VALUE)))
                .getCall()
                .getRemainingNanos();
        Expect.isTrue(
                "more than 100 years are left: " + left,
                left > Duration.ofDays(36_500).toNanos());
    }

    private static void unary(Server server) throws Exception {
        int before = server.hangs().getCancelled();
        HangRequest request = HangRequest.newBuilder().setMaxMillis(LONG_MILLIS).build();
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> server.client().hang(request, LONGER));
        server.awaitHangs("the cancelled handler", count -> count.getCancelled() > before);
    }

    private static void expired(Server server) throws Exception {
        CallOptions past = CallOptions.deadline(Duration.ofSeconds(-1));
        Expect.status(
                StatusCode.DEADLINE_EXCEEDED, () -> server.client().unary(UnaryRequest.getDefaultInstance(), past));
        server.mustStillAnswer();
    }

    private static void lateAnswer(Server server) throws Exception {
        UnaryRequest slow = Messages.unary(Plan.newBuilder().setDelayMillis(400));
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> server.client().unary(slow, SHORT));
        server.client().unary(slow);
        server.mustStillAnswer();
    }

    private static void upload(Server server) throws Exception {
        server.mustStillAnswer(); // connects, for which there is little time afterwards
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload(SHORT)) {
            Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
                call.write(Messages.upload(Plan.newBuilder().setDelayMillis(1_000)));
                return call.finish();
            });
        }
        server.mustStillAnswer();
    }

    private static void download(Server server) throws Exception {
        server.mustStillAnswer();
        DownloadRequest slow =
                Messages.download(1_000, 0).toBuilder().setDelayMillis(50).build();
        try (MessageReader<DownloadResponse> messages = server.client().download(slow, LONGER)) {
            Expect.notNull("first message", messages.read());
            Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
                while (messages.read() != null) {
                    // all that had come is delivered before the status
                }
                return "the end of the stream";
            });
        }
        server.mustStillAnswer();
    }

    private static void expiredStreams(Server server) throws Exception {
        CallOptions past = CallOptions.deadline(Duration.ofSeconds(-1));
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
            try (UploadCall<UploadRequest, UploadResponse> call =
                    server.client().upload(past)) {
                return call.finish();
            }
        });
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
            try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(1, 1), past)) {
                return messages.read();
            }
        });
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
            try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat(past)) {
                return chat.read();
            }
        });
        server.mustStillAnswer();
    }

    private static void farStreams(Server server) {
        CallOptions far = CallOptions.deadline(Duration.ofDays(1));
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload(far)) {
            call.write(Messages.upload(3));
            Expect.equal("bytes", call.finish().getBytes(), 3L);
        }
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(3, 3), far)) {
            StreamCases.expectNumbers(messages, 0, 3, 3);
            Expect.equal("what follows the last message", messages.read(), null);
        }
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat(far)) {
            chat.write(Messages.chat(1));
            Expect.equal("message", chat.read(), Messages.chat(1));
            chat.finish();
            Expect.equal("what follows the message", chat.read(), null);
        }
    }

    /**
     * The server's handler sleeps, so that writing ends with the deadline only, however much room there is on the way. A server whose clock
     * is ahead refuses what comes then, before the caller's deadline has passed.
     */
    private static void writing(Server server) throws Exception {
        server.mustStillAnswer();
        try (UploadCall<UploadRequest, UploadResponse> call =
                server.client().upload(CallOptions.deadline(Duration.ofMillis(500)))) {
            Status status = Expect.failure(() -> {
                        call.write(Messages.upload(Plan.newBuilder().setDelayMillis(2_000)));
                        for (int i = 0; i < 10_000; i++) {
                            call.write(Messages.upload(64 << 10));
                        }
                        return call.finish();
                    })
                    .status();
            Expect.isTrue(
                    "the deadline ended the call, which ended with " + status,
                    status.code() == StatusCode.DEADLINE_EXCEEDED
                            || status.equals(Status.INVALID_ARGUMENT.withDescription(REFUSED_AT_DEADLINE)));
        }
        server.mustStillAnswer();
    }

    private static void many(Server server) throws Exception {
        HangCountResponse before = server.hangs();
        HangRequest request = HangRequest.newBuilder().setMaxMillis(LONG_MILLIS).build();
        Background.atOnce(100, i -> {
            TtrpcException failure = Expect.thrown(() -> server.client().hang(request, LONGER));
            Expect.equal("code", failure.status().code(), StatusCode.DEADLINE_EXCEEDED);
        });
        server.awaitHangs("the end of each handler that began before its deadline", count -> {
            int started = count.getStarted() - before.getStarted();
            return started > 0 && count.getCancelled() - before.getCancelled() >= started;
        });
        server.mustStillAnswer();
    }

    private static void chat(Server server) throws Exception {
        server.mustStillAnswer();
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat(LONGER)) {
            chat.write(Messages.chat(0));
            Expect.notNull("first message", chat.read());
            Expect.status(StatusCode.DEADLINE_EXCEEDED, chat::read);
        }
        server.mustStillAnswer();
    }
}
