package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
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
            new ConformanceCase("deadline-chat", "it ends a chat", DeadlineCases::chat));

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
        Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> server.client().hang(request, SHORT));
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
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload(SHORT)) {
            call.write(Messages.upload(Plan.newBuilder().setDelayMillis(1_000)));
            Expect.status(StatusCode.DEADLINE_EXCEEDED, call::finish);
        }
        server.mustStillAnswer();
    }

    private static void download(Server server) throws Exception {
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

    private static void chat(Server server) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat(LONGER)) {
            chat.write(Messages.chat(0));
            Expect.notNull("first message", chat.read());
            Expect.status(StatusCode.DEADLINE_EXCEEDED, chat::read);
        }
        server.mustStillAnswer();
    }
}
