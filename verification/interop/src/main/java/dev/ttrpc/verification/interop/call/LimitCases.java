package dev.ttrpc.verification.interop.call;

import com.google.protobuf.CodedOutputStream;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.List;

/** The 4 MiB limit to the byte. It counts what follows a frame's header. */
final class LimitCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase(
                    "limit-request-exact", "a request of exactly the limit passes", LimitCases::requestExact),
            new ConformanceCase("limit-request-over", "one byte more is refused here", LimitCases::requestOver),
            new ConformanceCase("limit-upload-exact", "a stream message of the limit passes", LimitCases::uploadExact),
            new ConformanceCase("limit-upload-over", "one byte more is refused here", LimitCases::uploadOver),
            new ConformanceCase("limit-answer-exact", "an answer of exactly the limit passes", LimitCases::answerExact),
            new ConformanceCase("limit-answer-over", "one byte more fails that call alone", LimitCases::answerOver),
            new ConformanceCase(
                    "limit-download-exact", "a stream message of the limit comes", LimitCases::downloadExact),
            new ConformanceCase(
                    "limit-download-over", "one byte more fails that stream alone", LimitCases::downloadOver),
            new ConformanceCase(
                    "limit-request-refused",
                    "one byte more is refused by the server, the connection stays",
                    LimitCases::requestRefused),
            new ConformanceCase("limit-upload-refused", "so it is in a stream, which ends", LimitCases::uploadRefused),
            new ConformanceCase(
                    "limit-request-far-over", "16 MiB are refused here, again and again", LimitCases::requestFarOver),
            new ConformanceCase("limit-chat-exact", "messages of the limit go and come back", LimitCases::chatExact),
            new ConformanceCase("limit-chat-over", "one byte more is refused here", LimitCases::chatOver));

    private static final int LIMIT = 4 << 20;
    /** Tag and length before a payload of about 4 MiB. */
    private static final int PAYLOAD_OVERHEAD = 5;

    private static final String REFUSAL = "message length " + (LIMIT + 1) + " exceed maximum message size of " + LIMIT;
    private static final int GUESS = 4_000_000;

    private LimitCases() {}

    private static void requestExact(Server server) {
        UnaryResponse answer = server.client().unary(requestOfEnvelope(LIMIT));
        Expect.equal("size of the answer's payload", answer.getPayload().size(), 1);
    }

    private static void requestOver(Server server) throws Exception {
        Expect.status(
                StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> server.client().unary(requestOfEnvelope(LIMIT + 1)));
        server.mustStillAnswer();
    }

    private static void requestRefused(Server server) throws Exception {
        try (Server large = server.beyond(2 * LIMIT)) {
            Expect.equal(
                    "size of the answer's payload",
                    large.client().unary(requestOfEnvelope(LIMIT)).getPayload().size(),
                    1);
            Expect.status(
                    StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> large.client().unary(requestOfEnvelope(LIMIT + 1)));
            large.mustStillAnswer();
        }
    }

    private static void uploadRefused(Server server) throws Exception {
        try (Server large = server.beyond(2 * LIMIT)) {
            try (UploadCall<UploadRequest, UploadResponse> call = large.client().upload()) {
                Expect.status(StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> {
                    call.write(Messages.upload(LIMIT - PAYLOAD_OVERHEAD + 1));
                    return call.finish();
                });
            }
            large.mustStillAnswer();
        }
    }

    /** A request for one byte, whose envelope (service, method, payload) has so many bytes. */
    private static UnaryRequest requestOfEnvelope(int size) {
        UnaryRequest.Builder request =
                UnaryRequest.newBuilder().setResponseSize(1).setPayload(Messages.zeros(GUESS));
        int envelope = CodedOutputStream.computeStringSize(1, ConformanceTtrpc.SERVICE_NAME)
                + CodedOutputStream.computeStringSize(2, ConformanceTtrpc.UNARY.name())
                + CodedOutputStream.computeByteArraySize(3, request.build().toByteArray());
        return request.setPayload(Messages.zeros(GUESS + size - envelope)).build();
    }

    private static void requestFarOver(Server server) throws Exception {
        UnaryRequest request =
                UnaryRequest.newBuilder().setPayload(Messages.zeros(16 << 20)).build();
        for (int i = 0; i < 10; i++) {
            Expect.status(StatusCode.RESOURCE_EXHAUSTED, () -> server.client().unary(request));
        }
        server.mustStillAnswer();
    }

    private static void chatExact(Server server) {
        ChatMessage message = ChatMessage.newBuilder()
                .setPayload(Messages.zeros(LIMIT - PAYLOAD_OVERHEAD))
                .build();
        Expect.equal("size of the message", message.getSerializedSize(), LIMIT);
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            for (int i = 0; i < 3; i++) {
                chat.write(message);
                Expect.isTrue("the message came back", message.equals(chat.read()));
            }
            chat.finish();
            Expect.equal("what follows the last message", chat.read(), null);
        }
    }

    private static void chatOver(Server server) throws Exception {
        ChatMessage message = ChatMessage.newBuilder()
                .setPayload(Messages.zeros(LIMIT - PAYLOAD_OVERHEAD + 1))
                .build();
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            Expect.status(StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> {
                chat.write(message);
                return chat.read();
            });
        }
        server.mustStillAnswer();
    }

    private static void uploadExact(Server server) {
        UploadRequest message = Messages.upload(LIMIT - PAYLOAD_OVERHEAD);
        Expect.equal("size of the message", message.getSerializedSize(), LIMIT);
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(message);
            Expect.equal("bytes", call.finish().getBytes(), (long) LIMIT - PAYLOAD_OVERHEAD);
        }
    }

    private static void uploadOver(Server server) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            Expect.status(StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> {
                call.write(Messages.upload(LIMIT - PAYLOAD_OVERHEAD + 1));
                return call.finish();
            });
        }
        server.mustStillAnswer();
    }

    private static void answerExact(Server server) {
        int size = answerOfEnvelope(server, LIMIT);
        UnaryResponse answer = server.client().unary(request(size));
        Expect.equal("size of the payload", answer.getPayload().size(), size);
    }

    private static void answerOver(Server server) throws Exception {
        int size = answerOfEnvelope(server, LIMIT + 1);
        Expect.status(
                StatusCode.RESOURCE_EXHAUSTED, REFUSAL, () -> server.client().unary(request(size)));
        server.mustStillAnswer();
    }

    /** The payload with which the envelope of an answer has so many bytes. What else stands in an answer, the server is asked. */
    private static int answerOfEnvelope(Server server, int size) {
        UnaryResponse answer = server.client().unary(request(GUESS));
        return GUESS + size - CodedOutputStream.computeByteArraySize(2, answer.toByteArray());
    }

    private static UnaryRequest request(int responseSize) {
        return UnaryRequest.newBuilder().setResponseSize(responseSize).build();
    }

    private static void downloadExact(Server server) {
        try (MessageReader<DownloadResponse> messages =
                server.client().download(Messages.download(1, LIMIT - PAYLOAD_OVERHEAD))) {
            DownloadResponse message = Expect.notNull("message", messages.read());
            Expect.equal("size of the message", message.getSerializedSize(), LIMIT);
            Expect.equal("what follows the message", messages.read(), null);
        }
    }

    private static void downloadOver(Server server) throws Exception {
        try (MessageReader<DownloadResponse> messages =
                server.client().download(Messages.download(1, LIMIT - PAYLOAD_OVERHEAD + 1))) {
            Expect.status(StatusCode.RESOURCE_EXHAUSTED, REFUSAL, messages::read);
        }
        server.mustStillAnswer();
    }
}
