package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import dev.ttrpc.MessageReader;
import dev.ttrpc.Metadata;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.Pair;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The three kinds of stream, and the ways in which they end well. */
final class StreamCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase("upload", "messages are counted and answered after the end", StreamCases::upload),
            new ConformanceCase("upload-nothing", "an upload without a message", server -> uploadEmpty(server, 0)),
            new ConformanceCase("upload-empty-messages", "empty messages count", server -> uploadEmpty(server, 3)),
            new ConformanceCase(
                    "upload-early-answer", "an answer before the client's end", StreamCases::uploadEarlyAnswer),
            new ConformanceCase(
                    "upload-metadata", "metadata and deadline go with a stream too", StreamCases::uploadMetadata),
            new ConformanceCase(
                    "download", "messages come in order, then the end", server -> download(server, 100, 1_000)),
            new ConformanceCase("download-nothing", "a download without a message", server -> download(server, 0, 0)),
            new ConformanceCase(
                    "download-first-empty", "the first message is the empty one", server -> download(server, 2, 0)),
            new ConformanceCase("download-large", "64 messages of 1 MiB", server -> download(server, 64, 1 << 20)),
            new ConformanceCase(
                    "chat", "each message comes back before the next is sent", server -> chatInTurns(server, 50)),
            new ConformanceCase("chat-nothing", "a chat without a message", server -> chatInTurns(server, 0)),
            new ConformanceCase("chat-burst", "many messages under way keep their order", StreamCases::chatBurst),
            new ConformanceCase("chat-empty-messages", "empty messages come back", StreamCases::chatEmptyMessages),
            new ConformanceCase(
                    "chat-half-close", "the server goes on after the client's end", StreamCases::chatHalfClose),
            new ConformanceCase("chat-early-end", "the server ends first", StreamCases::chatEarlyEnd),
            new ConformanceCase("upload-large", "32 messages of 1 MiB", StreamCases::uploadLarge),
            new ConformanceCase("upload-many", "100,000 messages, none lost", StreamCases::uploadMany),
            new ConformanceCase(
                    "download-many", "100,000 messages in their order", server -> download(server, 100_000, 0)),
            new ConformanceCase(
                    "download-early-end", "the server ends after fewer messages", StreamCases::downloadEarlyEnd),
            new ConformanceCase("download-pauses", "messages with pauses between them", StreamCases::downloadPauses),
            new ConformanceCase("chat-large", "messages of 1 MiB come back", StreamCases::chatLarge),
            new ConformanceCase(
                    "chat-end-at-once", "the client's end right behind its only message", StreamCases::chatEndAtOnce));

    private static final int BURST = 2_000;
    private static final int MANY = 100_000;

    private StreamCases() {}

    private static void upload(Server server) {
        int messages = 100;
        long bytes = 0;
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            for (int i = 0; i < messages; i++) {
                call.write(Messages.upload(i));
                bytes += i;
            }
            UploadResponse answer = call.finish();
            Expect.equal("messages", answer.getMessages(), (long) messages);
            Expect.equal("bytes", answer.getBytes(), bytes);
        }
    }

    private static void uploadEmpty(Server server, int messages) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            for (int i = 0; i < messages; i++) {
                call.write(UploadRequest.getDefaultInstance());
            }
            Expect.equal("messages", call.finish().getMessages(), (long) messages);
        }
    }

    private static void uploadEarlyAnswer(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(Plan.newBuilder().setAfterMessages(2)));
            call.write(Messages.upload(7));
            UploadResponse answer = call.finish();
            Expect.equal("messages", answer.getMessages(), 2L);
            Expect.equal("bytes", answer.getBytes(), 7L);
        }
        server.mustStillAnswer();
    }

    private static void uploadMetadata(Server server) {
        CallOptions options = CallOptions.deadline(Duration.ofMinutes(1))
                .withMetadata(Metadata.builder().add("k", "1").add("k", "2").build());
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload(options)) {
            CallInfo seen = call.finish().getCall();
            Expect.equal(
                    "metadata",
                    seen.getMetadataList().stream().map(Pair::getValue).toList(),
                    List.of("1", "2"));
            Expect.isTrue("a deadline arrives: " + seen.getRemainingNanos(), seen.getRemainingNanos() > 0);
        }
    }

    private static void download(Server server, int count, int size) {
        try (MessageReader<DownloadResponse> messages = server.client().download(Messages.download(count, size))) {
            expectNumbers(messages, 0, count, size);
            Expect.equal("what follows the last message", messages.read(), null);
            Expect.equal("what follows the end", messages.read(), null);
        }
    }

    static void expectNumbers(MessageReader<DownloadResponse> messages, int from, int to, int size) {
        for (int number = from; number < to; number++) {
            DownloadResponse message = Expect.notNull("message " + number, messages.read());
            Expect.equal("number", message.getNumber(), number);
            Expect.equal("size of message " + number, message.getPayload().size(), size);
        }
    }

    static void chatInTurns(Server server, int turns) {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < turns; i++) {
                ChatMessage sent = ChatMessage.newBuilder()
                        .setNumber(i)
                        .setPayload(ByteString.copyFromUtf8("turn " + i))
                        .build();
                chat.write(sent);
                Expect.equal("message " + i, chat.read(), sent);
            }
            endOf(chat);
        }
    }

    private static void endOf(DuplexCall<ChatMessage, ChatMessage> chat) {
        chat.finish();
        Expect.equal("what follows the last message", chat.read(), null);
    }

    private static void chatBurst(Server server) {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < BURST; i++) {
                    chat.write(Messages.chat(i));
                }
                chat.finish();
            });
            for (int i = 0; i < BURST; i++) {
                Expect.equal(
                        "number", Expect.notNull("message " + i, chat.read()).getNumber(), i);
            }
            Expect.equal("what follows the last message", chat.read(), null);
            sent.join();
        }
    }

    private static void chatEmptyMessages(Server server) {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < 3; i++) {
                chat.write(ChatMessage.getDefaultInstance());
                Expect.equal("message " + i, chat.read(), ChatMessage.getDefaultInstance());
            }
            endOf(chat);
        }
    }

    private static void chatHalfClose(Server server) {
        int messages = 20;
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < messages; i++) {
                chat.write(Messages.chat(i, Plan.newBuilder().setDelayMillis(100)));
            }
            chat.finish();
            for (int i = 0; i < messages; i++) {
                Expect.equal(
                        "number", Expect.notNull("message " + i, chat.read()).getNumber(), i);
            }
            Expect.equal("what follows the last message", chat.read(), null);
        }
    }

    private static void uploadLarge(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            for (int i = 0; i < 32; i++) {
                call.write(Messages.upload(1 << 20));
            }
            Expect.equal("bytes", call.finish().getBytes(), 32L << 20);
        }
    }

    private static void uploadMany(Server server) {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            UploadRequest message = Messages.upload(7);
            for (int i = 0; i < MANY; i++) {
                call.write(message);
            }
            UploadResponse answer = call.finish();
            Expect.equal("messages", answer.getMessages(), (long) MANY);
            Expect.equal("bytes", answer.getBytes(), 7L * MANY);
        }
    }

    private static void downloadEarlyEnd(Server server) {
        DownloadRequest request = Messages.download(10, 5).toBuilder()
                .setPlan(Plan.newBuilder().setAfterMessages(3))
                .build();
        try (MessageReader<DownloadResponse> messages = server.client().download(request)) {
            expectNumbers(messages, 0, 3, 5);
            Expect.equal("what follows the third message", messages.read(), null);
        }
        server.mustStillAnswer();
    }

    private static void downloadPauses(Server server) {
        DownloadRequest request = Messages.download(5, 5).toBuilder()
                .setDelayMillis(50)
                .setPlan(Plan.newBuilder().setDelayMillis(100))
                .build();
        try (MessageReader<DownloadResponse> messages = server.client().download(request)) {
            expectNumbers(messages, 0, 5, 5);
            Expect.equal("what follows the last message", messages.read(), null);
        }
    }

    private static void chatLarge(Server server) {
        ByteString payload = ByteString.copyFromUtf8("0123456789abcdef".repeat(1 << 16));
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < 8; i++) {
                chat.write(Messages.chat(i).toBuilder().setPayload(payload).build());
                ChatMessage message = Expect.notNull("message " + i, chat.read());
                Expect.equal("number", message.getNumber(), i);
                Expect.isTrue("the payload came back", message.getPayload().equals(payload));
            }
            endOf(chat);
        }
    }

    private static void chatEndAtOnce(Server server) {
        for (int i = 0; i < 100; i++) {
            try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
                chat.write(Messages.chat(i));
                chat.finish();
                Expect.equal("message", chat.read(), Messages.chat(i));
                Expect.equal("what follows the message", chat.read(), null);
            }
        }
    }

    private static void chatEarlyEnd(Server server) {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            chat.write(Messages.chat(0, Plan.newBuilder().setAfterMessages(2)));
            Expect.notNull("first message", chat.read());
            chat.write(Messages.chat(1));
            Expect.notNull("second message", chat.read());
            Expect.equal("what follows the second message", chat.read(), null);
            chat.write(Messages.chat(2));
        }
        server.mustStillAnswer();
    }
}
