package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Readers and handlers that are slow or stand still, and what becomes of the calls beside them. */
final class FlowCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "flow-unread-download", "8 MiB that nobody reads hold up no other call", FlowCases::unreadDownload),
            new ConformanceCase(
                    "flow-stalled-download",
                    "64 MiB that nobody reads end their stream, not others",
                    FlowCases::stalled),
            new ConformanceCase(
                    "flow-slow-reader", "a reader that takes its time gets all of 48 MiB", FlowCases::slowReader),
            new ConformanceCase(
                    "flow-slow-handler", "messages wait for a handler, other calls do not", FlowCases::slowHandler),
            new ConformanceCase("flow-chat-flood", "32 MiB in both directions at once, in order", FlowCases::chatFlood),
            new ConformanceCase("flow-empty-messages", "20,000 empty messages, each counted", FlowCases::emptyMessages),
            new ConformanceCase("flow-large-answers", "50 answers of 1 MiB at once", FlowCases::largeAnswers),
            new ConformanceCase("flow-large-requests", "20 requests of 2 MiB at once", FlowCases::largeRequests),
            new ConformanceCase(
                    "flow-abandoned-downloads", "50 downloads given up in the middle", FlowCases::abandoned));

    private static final int MIB = 1 << 20;
    private static final int UNREAD = 8;
    private static final int STALLED = 64;
    private static final int SLOWLY_READ = 48;
    private static final int SLOW_MILLIS = 20;
    /** Go's servers keep 64 messages for a handler and refuse more after a second. */
    private static final int WAITING_MESSAGES = 60;

    private static final int FLOOD = 512;
    private static final int FLOOD_SIZE = 64 << 10;
    private static final int EMPTY_MESSAGES = 20_000;

    private FlowCases() {}

    private static void unreadDownload(Server server) {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(UNREAD, MIB))) {
            for (int i = 0; i < 200; i++) {
                server.mustStillAnswer();
            }
            StreamCases.expectNumbers(messages, 0, UNREAD, MIB);
            Expect.equal("what follows the last message", messages.read(), null);
        }
    }

    private static void stalled(Server server) throws Exception {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(STALLED, MIB))) {
            Expect.notNull("first message", messages.read());
            do { // however slowly the server sends
                server.mustStillAnswer();
                StreamCases.chatInTurns(server, 1);
            } while (server.channel().liveCalls() > 0);
            Expect.status(StatusCode.RESOURCE_EXHAUSTED, () -> {
                for (int i = 1; i < STALLED; i++) {
                    messages.read();
                    server.mustStillAnswer();
                }
                return messages.read();
            });
        }
        server.mustStillAnswer();
    }

    private static void slowReader(Server server) throws Exception {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(SLOWLY_READ, MIB))) {
            for (int i = 0; i < SLOWLY_READ; i++) {
                StreamCases.expectNumbers(messages, i, i + 1, MIB);
                Thread.sleep(SLOW_MILLIS);
            }
            Expect.equal("what follows the last message", messages.read(), null);
        }
    }

    private static void slowHandler(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(Plan.newBuilder().setDelayMillis(1_000)));
            for (int i = 1; i < WAITING_MESSAGES; i++) {
                call.write(Messages.upload(1_000));
            }
            for (int i = 0; i < 50; i++) {
                server.mustStillAnswer();
            }
            Expect.isTrue("50 fast calls end before a handler of 1 s", !call.isEnded());
            Expect.equal("messages", call.finish().getMessages(), (long) WAITING_MESSAGES);
        }
    }

    private static void chatFlood(Server server) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            Future<String> written = Background.start(() -> {
                for (int i = 0; i < FLOOD; i++) {
                    chat.write(ChatMessage.newBuilder()
                            .setNumber(i)
                            .setPayload(Messages.zeros(FLOOD_SIZE))
                            .build());
                }
                chat.finish();
                return "all is written";
            });
            for (int i = 0; i < FLOOD; i++) {
                ChatMessage message = Expect.notNull("message " + i, chat.read());
                Expect.equal("number", message.getNumber(), i);
                Expect.equal("size", message.getPayload().size(), FLOOD_SIZE);
            }
            Expect.equal("what follows the last message", chat.read(), null);
            Background.result(written);
        }
    }

    private static void emptyMessages(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            for (int i = 0; i < EMPTY_MESSAGES; i++) {
                call.write(UploadRequest.getDefaultInstance());
            }
            Expect.equal("messages", call.finish().getMessages(), (long) EMPTY_MESSAGES);
        }
    }

    private static void largeAnswers(Server server) throws Exception {
        UnaryRequest request = UnaryRequest.newBuilder().setResponseSize(MIB).build();
        Background.atOnce(
                50,
                i -> Expect.equal(
                        "size of the answer",
                        server.client().unary(request).getPayload().size(),
                        MIB));
    }

    private static void largeRequests(Server server) throws Exception {
        UnaryRequest request = UnaryRequest.newBuilder()
                .setPayload(Messages.zeros(2 * MIB))
                .setResponseSize(1)
                .build();
        Background.atOnce(
                20,
                i -> Expect.equal(
                        "size of the answer",
                        server.client().unary(request).getPayload().size(),
                        1));
    }

    private static void abandoned(Server server) throws Exception {
        List<MessageReader<DownloadResponse>> all = new ArrayList<>();
        // so slowly that none is full, and thereby stalled, before a busy machine has come to the last
        DownloadRequest slow =
                Messages.download(500, 1_000).toBuilder().setDelayMillis(20).build();
        for (int i = 0; i < 50; i++) {
            all.add(server.client().download(slow));
        }
        for (MessageReader<DownloadResponse> each : all) {
            Expect.notNull("first message", each.read());
            each.close();
        }
        server.mustStillAnswer();
        server.awaitNoCalls();
    }
}
