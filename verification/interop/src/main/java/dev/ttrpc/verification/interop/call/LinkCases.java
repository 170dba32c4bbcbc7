package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

/** Connections that are lost, that stand still, or that carry bytes one by one. */
final class LinkCases {
    static final List<ConformanceCase> ALL = List.of(
            link("link-crumbs", "frames that arrive byte by byte", LinkCases::crumbs),
            link("link-lost-call", "a lost connection ends its calls and cancels their handlers", LinkCases::lostCall),
            link("link-lost-download", "what had come is delivered before the loss", LinkCases::lostDownload),
            link("link-lost-upload", "a lost connection ends an upload", LinkCases::lostUpload),
            link("link-lost-chat", "a lost connection ends a chat", LinkCases::lostChat),
            link("link-half-frame", "half of an answer is no answer", LinkCases::halfFrame),
            link("link-reconnect", "new calls make a new connection, 10 times", LinkCases::reconnect),
            link("link-fail-fast", "without a connection a call fails, and was never sent", LinkCases::failFast),
            link("link-wait-for-ready", "a call that is willing to waits for a connection", LinkCases::waitForReady),
            link("link-wait-deadline", "it waits until its deadline", LinkCases::waitDeadline),
            link("link-still-unary", "a deadline passes on a connection that stands still", LinkCases::stillUnary),
            link("link-still-upload", "so it does for one who cannot write on", LinkCases::stillUpload));

    private static final int SIZE = 1_000;
    private static final int FRAME_HEADER = 10;
    private static final int ATTEMPTS = 50;
    private static final int PAUSE_MILLIS = 10;
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final CallOptions PATIENT =
            CallOptions.deadline(Duration.ofSeconds(10)).withWaitForReady(true);
    private static final HangRequest HANG =
            HangRequest.newBuilder().setMaxMillis(15_000).build();

    private LinkCases() {}

    private static ConformanceCase link(String name, String meaning, Body body) {
        return new ConformanceCase(name, meaning, true, server -> {
            try (Link link = server.link();
                    Server far = server.through(link)) {
                body.run(server, link, far);
            }
        });
    }

    /** Calls a server both over a link and past it. */
    @FunctionalInterface
    private interface Body {
        void run(Server near, Link link, Server far) throws Exception;
    }

    private static void crumbs(Server near, Link link, Server far) throws Exception {
        link.narrow(1);
        far.mustStillAnswer();
        far.client().nothing(Empty.getDefaultInstance());
        StreamCases.chatInTurns(far, 5);
        try (UploadCall<UploadRequest, UploadResponse> call = far.client().upload()) {
            call.write(Messages.upload(0));
            call.write(Messages.upload(300));
            Expect.equal("bytes", call.finish().getBytes(), 300L);
        }
        try (MessageReader<DownloadResponse> messages = far.client().download(Messages.download(3, 300))) {
            StreamCases.expectNumbers(messages, 0, 3, 300);
            Expect.equal("what follows the last message", messages.read(), null);
        }
        Expect.status(
                StatusCode.ABORTED,
                "in crumbs",
                () -> far.client().unary(Messages.unary(Messages.status(StatusCode.ABORTED, "in crumbs"))));
    }

    private static void lostCall(Server near, Link link, Server far) throws Exception {
        int started = near.hangs().getStarted();
        int cancelled = near.hangs().getCancelled();
        Future<TtrpcException> call =
                Background.start(() -> Expect.failure(() -> far.client().hang(HANG)));
        near.awaitHangs("the running handler", count -> count.getStarted() > started);
        link.cut();
        expectLost(Background.result(call));
        near.awaitHangs("the cancelled handler", count -> count.getCancelled() > cancelled);
        awaitAnswer(far);
    }

    private static void lostDownload(Server near, Link link, Server far) throws Exception {
        far.mustStillAnswer();
        int whole = 50;
        long bytes = SIZE / 2; // of the frame that is cut
        for (int number = 0; number < whole; number++) {
            bytes += FRAME_HEADER
                    + DownloadResponse.newBuilder()
                            .setNumber(number)
                            .setPayload(Messages.zeros(SIZE))
                            .build()
                            .getSerializedSize();
        }
        link.cutAfter(bytes);
        try (MessageReader<DownloadResponse> messages = far.client().download(Messages.download(10_000, SIZE))) {
            StreamCases.expectNumbers(messages, 0, whole, SIZE);
            expectLost(Expect.failure(messages::read));
        }
        link.cut();
        awaitAnswer(far);
    }

    private static void lostUpload(Server near, Link link, Server far) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = far.client().upload()) {
            call.write(Messages.upload(1));
            far.mustStillAnswer();
            link.cut();
            expectLost(Expect.failure(call::finish));
        }
        awaitAnswer(far);
    }

    private static void lostChat(Server near, Link link, Server far) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = far.client().chat()) {
            chat.write(Messages.chat(0));
            Expect.notNull("first message", chat.read());
            link.cut();
            expectLost(Expect.failure(chat::read));
        }
        awaitAnswer(far);
    }

    private static void halfFrame(Server near, Link link, Server far) throws Exception {
        far.mustStillAnswer();
        link.cutAfter(SIZE);
        UnaryRequest request =
                UnaryRequest.newBuilder().setResponseSize(2 * SIZE).build();
        expectLost(Expect.failure(() -> far.client().unary(request)));
        link.cut();
        awaitAnswer(far);
    }

    private static void reconnect(Server near, Link link, Server far) throws Exception {
        for (int i = 0; i < 10; i++) {
            awaitAnswer(far);
            link.cut();
        }
        awaitAnswer(far);
        Expect.isTrue("11 connections were made at least: " + link.connections(), link.connections() >= 11);
    }

    private static void failFast(Server near, Link link, Server far) throws Exception {
        link.takeDown();
        TtrpcException failure = Expect.failure(() -> far.client().unary(UnaryRequest.getDefaultInstance()));
        expectLost(failure);
        Expect.isTrue("the call was never sent", ((ConnectionLostException) failure).neverSent());
        link.putUp();
        awaitAnswer(far);
    }

    private static void waitForReady(Server near, Link link, Server far) throws Exception {
        link.takeDown();
        expectLost(Expect.failure(() -> far.client().unary(UnaryRequest.getDefaultInstance())));
        Future<?> call = Background.start(() -> far.client().unary(UnaryRequest.getDefaultInstance(), PATIENT));
        link.putUp();
        Background.result(call);
    }

    private static void waitDeadline(Server near, Link link, Server far) throws Exception {
        link.takeDown();
        CallOptions options = CallOptions.deadline(SHORT).withWaitForReady(true);
        Expect.status(
                StatusCode.DEADLINE_EXCEEDED, () -> far.client().unary(UnaryRequest.getDefaultInstance(), options));
        link.putUp();
        awaitAnswer(far);
    }

    private static void stillUnary(Server near, Link link, Server far) throws Exception {
        far.mustStillAnswer();
        link.stop();
        Background.atOnce(
                50,
                i -> Expect.equal(
                        "code",
                        Expect.thrown(() -> far.client()
                                        .unary(UnaryRequest.getDefaultInstance(), CallOptions.deadline(SHORT)))
                                .status()
                                .code(),
                        StatusCode.DEADLINE_EXCEEDED));
        link.goOn();
        far.mustStillAnswer();
        Expect.equal("connections made", link.connections(), 1);
    }

    /** A frame once begun is written whole: the connection is as good as before when it moves again. */
    private static void stillUpload(Server near, Link link, Server far) throws Exception {
        far.mustStillAnswer();
        link.stop();
        try (UploadCall<UploadRequest, UploadResponse> call = far.client().upload(CallOptions.deadline(SHORT))) {
            Expect.status(StatusCode.DEADLINE_EXCEEDED, () -> {
                for (int i = 0; i < 64; i++) {
                    call.write(Messages.upload(1 << 20));
                }
                return call.finish();
            });
        }
        link.goOn();
        far.mustStillAnswer();
        Expect.equal("connections made", link.connections(), 1);
    }

    private static void expectLost(TtrpcException failure) {
        Expect.isTrue("the connection is said to be lost: " + failure, failure instanceof ConnectionLostException);
        Expect.equal("code", failure.status().code(), StatusCode.UNAVAILABLE);
    }

    /** That the server answers again. A call that goes out on the lost connection before its loss is known fails with it. */
    private static void awaitAnswer(Server far) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                far.client().unary(UnaryRequest.getDefaultInstance(), PATIENT);
                return;
            } catch (ConnectionLostException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        far.mustStillAnswer();
    }
}
