package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls that are given up. Nothing of that is sent; the connection stays. */
final class CancellationCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "cancel-disconnect", "a lost connection cancels the handler", CancellationCases::disconnect),
            new ConformanceCase(
                    "cancel-interrupt", "an interrupt cancels the call of a thread", CancellationCases::interrupt),
            new ConformanceCase("cancel-upload", "an upload given up", CancellationCases::upload),
            new ConformanceCase("cancel-download", "a download given up while data comes", CancellationCases::download),
            new ConformanceCase("cancel-chat", "a chat given up while data comes", CancellationCases::chat),
            new ConformanceCase(
                    "cancel-end-input", "a chat given up whose input ends with it", CancellationCases::endInput),
            new ConformanceCase(
                    "cancel-interrupt-read",
                    "an interrupt cancels the stream of a reader",
                    CancellationCases::interruptRead),
            new ConformanceCase("cancel-future", "a cancelled future cancels its call", CancellationCases::future),
            new ConformanceCase(
                    "cancel-futures", "1,000 futures cancelled as soon as made", CancellationCases::futures),
            new ConformanceCase(
                    "cancel-subscription",
                    "a cancelled subscription gets nothing more",
                    CancellationCases::subscription),
            new ConformanceCase(
                    "cancel-publisher", "requests that fail are no complete upload", CancellationCases::publisher),
            new ConformanceCase(
                    "cancel-close-channel",
                    "closing the channel ends each kind of call",
                    CancellationCases::closeChannel),
            new ConformanceCase("cancel-many", "100 streams of each kind given up", CancellationCases::many),
            new ConformanceCase(
                    "cancel-after-end", "giving up what has ended changes nothing", CancellationCases::afterEnd));

    private static final HangRequest HANG =
            HangRequest.newBuilder().setMaxMillis(15_000).build();

    private CancellationCases() {}

    private static void disconnect(Server server) throws Exception {
        int started = server.hangs().getStarted();
        int cancelled = server.hangs().getCancelled();
        CompletableFuture<TtrpcException> end;
        try (Server second = server.again()) {
            end = Background.start(() -> Expect.failure(() -> second.client().hang(HANG)));
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

    private static void endInput(Server server) {
        CallOptions options = CallOptions.DEFAULT.withEndInputOnCancel(true);
        for (int i = 0; i < 20; i++) {
            try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat(options)) {
                chat.write(Messages.chat(i));
                Expect.equal("message", chat.read(), Messages.chat(i));
                chat.write(Messages.chat(i));
            }
        }
        server.mustStillAnswer();
    }

    private static void interruptRead(Server server) throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        FutureTask<Boolean> stream = new FutureTask<>(() -> {
            try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
                chat.write(Messages.chat(0));
                Expect.notNull("first message", chat.read());
                reading.countDown();
                Expect.status(StatusCode.CANCELLED, chat::read);
                return Thread.currentThread().isInterrupted();
            }
        });
        Thread reader = new Thread(stream, "reader");
        reader.setDaemon(true);
        reader.start();
        reading.await();
        reader.interrupt();
        Expect.equal("the interrupt flag of the reader", stream.get(), true);
        server.mustStillAnswer();
    }

    private static void future(Server server) throws Exception {
        int started = server.hangs().getStarted();
        CompletableFuture<Empty> call = server.asyncClient().hang(HANG);
        server.awaitHangs("the running handler", count -> count.getStarted() > started);
        Expect.isTrue("the future can be cancelled", call.cancel(true));
        server.mustStillAnswer();
        server.awaitNoCalls();
    }

    private static void futures(Server server) throws Exception {
        for (int i = 0; i < 1_000; i++) {
            server.asyncClient().unary(UnaryRequest.getDefaultInstance()).cancel(true);
        }
        server.mustStillAnswer();
        server.awaitNoCalls();
    }

    private static void subscription(Server server) throws Exception {
        SubscribedMessages<DownloadResponse> messages =
                new SubscribedMessages<>(server.asyncClient().download(Messages.download(10_000, 1_000)));
        StreamCases.expectNumbers(messages, 0, 5, 1_000);
        messages.close();
        server.mustStillAnswer();
        server.awaitNoCalls();
    }

    private static void publisher(Server server) throws Exception {
        CompletableFuture<UploadResponse> answer = server.asyncClient().upload(CancellationCases::publishOneAndFail);
        try {
            throw new CaseFailedException("the upload was answered with " + answer.get());
        } catch (ExecutionException | CancellationException e) {
            server.mustStillAnswer();
        }
    }

    private static void publishOneAndFail(Flow.Subscriber<? super UploadRequest> subscriber) {
        AtomicBoolean published = new AtomicBoolean();
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                if (published.compareAndSet(false, true)) {
                    subscriber.onNext(Messages.upload(1));
                    subscriber.onError(new IllegalStateException("no more of it"));
                }
            }

            @Override
            public void cancel() {
                // nothing more is published anyway
            }
        });
    }

    private static void closeChannel(Server server) throws Exception {
        try (Server second = server.again()) {
            UploadCall<UploadRequest, UploadResponse> upload = second.client().upload();
            upload.write(Messages.upload(1));
            DuplexCall<ChatMessage, ChatMessage> chat = second.client().chat();
            chat.write(Messages.chat(0));
            Expect.notNull("first message of the chat", chat.read());
            MessageReader<DownloadResponse> messages = second.client()
                    .download(Messages.download(100_000, 1_000).toBuilder()
                            .setDelayMillis(10)
                            .build());
            Expect.notNull("first message of the download", messages.read());
            second.close();
            expectGone("the upload", upload::finish);
            expectGone("the chat", chat::read);
            expectGone("the download", () -> {
                while (messages.read() != null) {
                    // what had come is delivered before
                }
                return "the end of the stream";
            });
            expectGone("a new call", () -> second.client().unary(UnaryRequest.getDefaultInstance()));
        }
        server.mustStillAnswer();
    }

    private static void expectGone(String what, Callable<?> call) throws Exception {
        Status status = Expect.failure(call).status();
        Expect.isTrue(
                what + " of a closed channel ends CANCELLED or UNAVAILABLE: " + status,
                status.code() == StatusCode.CANCELLED || status.code() == StatusCode.UNAVAILABLE);
    }

    private static void many(Server server) throws Exception {
        for (int i = 0; i < 100; i++) {
            upload(server);
            chat(server);
            try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(100, 100))) {
                Expect.notNull("first message", messages.read());
            }
        }
        server.awaitNoCalls();
    }

    private static void afterEnd(Server server) {
        MessageReader<DownloadResponse> messages = server.client().download(Messages.download(1, 1));
        Expect.notNull("message", messages.read());
        Expect.equal("what follows the message", messages.read(), null);
        messages.close();
        messages.close();
        DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat();
        chat.finish();
        chat.finish();
        Expect.equal("the end", chat.read(), null);
        chat.close();
        chat.close();
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
}
