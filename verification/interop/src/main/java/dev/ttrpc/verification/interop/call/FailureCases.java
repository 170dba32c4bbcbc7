package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.Pair;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import dev.ttrpc.protobuf.ProtobufMarshaller;
import java.util.List;
import java.util.concurrent.Callable;

/** The ways in which calls end badly. Each leaves the connection usable. */
final class FailureCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase("error-details", "code, text and details of a status", FailureCases::details),
            new ConformanceCase("error-every-code", "each code from 1 to 16 arrives", FailureCases::everyCode),
            new ConformanceCase("error-exception", "what a handler throws is UNKNOWN", FailureCases::exception),
            new ConformanceCase("error-null", "a handler that returns null is UNKNOWN", FailureCases::nothingReturned),
            new ConformanceCase(
                    "error-unknown-service", "UNIMPLEMENTED names the service", FailureCases::unknownService),
            new ConformanceCase("error-unknown-method", "UNIMPLEMENTED names the method", FailureCases::unknownMethod),
            new ConformanceCase("upload-error", "a status ends an upload", FailureCases::upload),
            new ConformanceCase("download-error-at-once", "a status and no data", FailureCases::downloadAtOnce),
            new ConformanceCase(
                    "download-error-after-data", "the data, then the status", FailureCases::downloadAfterData),
            new ConformanceCase("chat-error-after-data", "the data, then the status", FailureCases::chatAfterData),
            new ConformanceCase("error-no-text", "a status without a text", FailureCases::noText),
            new ConformanceCase("error-long-text", "a text of 60,000 characters arrives", FailureCases::longText),
            new ConformanceCase("error-many-details", "100 details in their order", FailureCases::manyDetails),
            new ConformanceCase(
                    "error-unknown-code", "a number that is no code is an error too", FailureCases::unknownCode),
            new ConformanceCase(
                    "error-payload",
                    "a request that does not parse is INTERNAL",
                    FailureCases::payloadThatDoesNotParse),
            new ConformanceCase(
                    "upload-error-payload", "so is a message of an upload", FailureCases::uploadThatDoesNotParse),
            new ConformanceCase("chat-error-payload", "so is a message of a chat", FailureCases::chatThatDoesNotParse),
            new ConformanceCase(
                    "error-answer", "an answer that does not parse fails its call alone", FailureCases::answer),
            new ConformanceCase(
                    "download-error-answer", "so does a message of a download", FailureCases::downloadedMessage),
            new ConformanceCase("upload-error-at-once", "a status at the first message", FailureCases::uploadAtOnce),
            new ConformanceCase(
                    "upload-exception", "what the handler throws is UNKNOWN", FailureCases::uploadException),
            new ConformanceCase("download-exception", "the data, then UNKNOWN", FailureCases::downloadException),
            new ConformanceCase("chat-error-at-once", "a status and no data", FailureCases::chatAtOnce),
            new ConformanceCase("chat-exception", "the data, then UNKNOWN", FailureCases::chatException),
            new ConformanceCase(
                    "download-unknown-method", "UNIMPLEMENTED for a download", FailureCases::unknownDownload),
            new ConformanceCase("chat-unknown-method", "UNIMPLEMENTED for a chat", FailureCases::unknownChat),
            new ConformanceCase(
                    "error-after-error",
                    "100 failures and as many answers in turns",
                    FailureCases::failureAfterFailure));

    /** Announces a payload of 127 bytes and has none. */
    private static final byte[] CUT_OFF = {0x0A, 0x7F};

    private static final ProtobufMarshaller<Empty> EMPTY = ProtobufMarshaller.of(Empty.getDefaultInstance());

    private FailureCases() {}

    private static void details(Server server) throws Exception {
        ProtobufMarshaller<Pair> pairs = ProtobufMarshaller.of(Pair.getDefaultInstance());
        Pair pair = Pair.newBuilder().setKey("k").setValue("v").build();
        List<Status.Detail> sent = List.of(
                Status.Detail.pack("type.googleapis.com/ttrpc.conformance.v1.Pair", pair, pairs),
                new Status.Detail("no.slash.Type", new byte[] {1, 2, 3}));
        Plan.Builder plan = status(StatusCode.FAILED_PRECONDITION, "nicht möglich");
        sent.forEach(detail -> plan.addStatusDetailsBuilder()
                .setTypeUrl(detail.typeUrl())
                .setValue(com.google.protobuf.ByteString.copyFrom(detail.value())));
        Status status = Expect.status(
                StatusCode.FAILED_PRECONDITION,
                "nicht möglich",
                () -> server.client().unary(Messages.unary(plan)));
        Expect.equal("details", status.details(), sent);
        Expect.equal("first detail", status.details().get(0).unpack(pairs), pair);
        server.mustStillAnswer();
    }

    private static void everyCode(Server server) throws Exception {
        for (StatusCode code : StatusCode.values()) {
            if (code != StatusCode.OK) {
                Plan.Builder plan = status(code, "code " + code);
                Expect.status(code, "code " + code, () -> server.client().unary(Messages.unary(plan)));
            }
        }
        server.mustStillAnswer();
    }

    private static void exception(Server server) throws Exception {
        Plan.Builder plan = Plan.newBuilder().setThrowMessage("thrown on purpose");
        TtrpcException failure = Expect.failure(() -> server.client().unary(Messages.unary(plan)));
        Expect.equal("code", failure.status().code(), StatusCode.UNKNOWN);
        Expect.equal("origin", failure.origin(), TtrpcException.Origin.PEER);
        server.mustStillAnswer();
    }

    private static void nothingReturned(Server server) throws Exception {
        Plan.Builder plan = Plan.newBuilder().setReturnNothing(true);
        Expect.status(
                StatusCode.UNKNOWN,
                "ttrpc: marshal called with nil",
                () -> server.client().unary(Messages.unary(plan)));
        server.mustStillAnswer();
    }

    private static void unknownService(Server server) throws Exception {
        MethodDescriptor<Empty, Empty> method = MethodDescriptor.unary("no.such.Service", "Unary", EMPTY, EMPTY);
        Expect.status(StatusCode.UNIMPLEMENTED, "service no.such.Service", () -> call(server, method));
        server.mustStillAnswer();
    }

    private static void unknownMethod(Server server) throws Exception {
        MethodDescriptor<Empty, Empty> method =
                MethodDescriptor.unary(ConformanceTtrpc.SERVICE_NAME, "NoSuchMethod", EMPTY, EMPTY);
        Expect.status(StatusCode.UNIMPLEMENTED, "method NoSuchMethod", () -> call(server, method));
        server.mustStillAnswer();
    }

    private static void noText(Server server) throws Exception {
        Expect.status(
                StatusCode.ABORTED, "", () -> server.client().unary(Messages.unary(status(StatusCode.ABORTED, ""))));
        server.mustStillAnswer();
    }

    private static void longText(Server server) throws Exception {
        String text = "0123456789".repeat(6_000);
        Status status = Expect.status(
                StatusCode.INTERNAL, () -> server.client().unary(Messages.unary(status(StatusCode.INTERNAL, text))));
        Expect.isTrue("the text came whole", status.description().equals(text));
        server.mustStillAnswer();
    }

    private static void manyDetails(Server server) throws Exception {
        Plan.Builder plan = status(StatusCode.INVALID_ARGUMENT, "many");
        for (int i = 0; i < 100; i++) {
            plan.addStatusDetailsBuilder().setTypeUrl("type/" + i).setValue(Messages.zeros(i));
        }
        Status status =
                Expect.status(StatusCode.INVALID_ARGUMENT, () -> server.client().unary(Messages.unary(plan)));
        Expect.equal("number of details", status.details().size(), 100);
        for (int i = 0; i < 100; i++) {
            Expect.equal("detail " + i, status.details().get(i), new Status.Detail("type/" + i, new byte[i]));
        }
    }

    /** A server may keep such a number or send UNKNOWN with the number in the text. */
    private static void unknownCode(Server server) throws Exception {
        Plan.Builder plan = Plan.newBuilder().setStatusCode(77).setStatusMessage("no code");
        Status status = Expect.status(StatusCode.UNKNOWN, () -> server.client().unary(Messages.unary(plan)));
        Expect.isTrue("77 can be seen in " + status, status.toString().contains("77"));
        server.mustStillAnswer();
    }

    private static void payloadThatDoesNotParse(Server server) throws Exception {
        MethodDescriptor<byte[], Empty> unary =
                MethodDescriptor.unary(ConformanceTtrpc.SERVICE_NAME, "Unary", RawMarshaller.WRITING, EMPTY);
        expectUnparsable(() -> server.channel().unary(unary, CUT_OFF, CallOptions.DEFAULT));
        server.mustStillAnswer();
    }

    private static void uploadThatDoesNotParse(Server server) throws Exception {
        MethodDescriptor<byte[], Empty> upload =
                MethodDescriptor.clientStreaming(ConformanceTtrpc.SERVICE_NAME, "Upload", RawMarshaller.WRITING, EMPTY);
        try (UploadCall<byte[], Empty> call = server.channel().clientStreaming(upload, CallOptions.DEFAULT)) {
            call.write(CUT_OFF);
            expectUnparsable(call::finish);
        }
        server.mustStillAnswer();
    }

    private static void chatThatDoesNotParse(Server server) throws Exception {
        MethodDescriptor<byte[], Empty> chat =
                MethodDescriptor.bidiStreaming(ConformanceTtrpc.SERVICE_NAME, "Chat", RawMarshaller.WRITING, EMPTY);
        try (DuplexCall<byte[], Empty> call = server.channel().bidiStreaming(chat, CallOptions.DEFAULT)) {
            call.write(CUT_OFF);
            expectUnparsable(call::read);
        }
        server.mustStillAnswer();
    }

    private static void expectUnparsable(Callable<?> call) throws Exception {
        Status status = Expect.status(StatusCode.INTERNAL, call);
        Expect.isTrue(
                "the text says that a payload cannot be parsed: " + status,
                status.description().startsWith("ttrpc: error unmarshalling payload"));
    }

    private static void answer(Server server) throws Exception {
        MethodDescriptor<Empty, byte[]> unary =
                MethodDescriptor.unary(ConformanceTtrpc.SERVICE_NAME, "Unary", EMPTY, RawMarshaller.REFUSING);
        Expect.status(
                StatusCode.INTERNAL,
                () -> server.channel().unary(unary, Empty.getDefaultInstance(), CallOptions.DEFAULT));
        server.mustStillAnswer();
    }

    private static void downloadedMessage(Server server) throws Exception {
        MethodDescriptor<DownloadRequest, byte[]> download = MethodDescriptor.serverStreaming(
                ConformanceTtrpc.SERVICE_NAME,
                "Download",
                ConformanceTtrpc.DOWNLOAD.requestMarshaller(),
                RawMarshaller.REFUSING);
        try (MessageReader<byte[]> messages =
                server.channel().serverStreaming(download, Messages.download(3, 3), CallOptions.DEFAULT)) {
            Expect.status(StatusCode.INTERNAL, messages::read);
        }
        server.mustStillAnswer();
    }

    private static void uploadAtOnce(Server server) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(status(StatusCode.UNAUTHENTICATED, "who?")));
            Expect.status(StatusCode.UNAUTHENTICATED, "who?", call::finish);
        }
        server.mustStillAnswer();
    }

    private static void uploadException(Server server) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(Plan.newBuilder().setThrowMessage("on purpose")));
            Expect.status(StatusCode.UNKNOWN, call::finish);
        }
        server.mustStillAnswer();
    }

    private static void downloadException(Server server) throws Exception {
        Plan.Builder plan = Plan.newBuilder().setThrowMessage("on purpose").setAfterMessages(2);
        try (MessageReader<DownloadResponse> messages = server.client()
                .download(Messages.download(10, 1).toBuilder().setPlan(plan).build())) {
            StreamCases.expectNumbers(messages, 0, 2, 1);
            Expect.status(StatusCode.UNKNOWN, messages::read);
            Expect.status(StatusCode.UNKNOWN, messages::read);
        }
        server.mustStillAnswer();
    }

    private static void chatAtOnce(Server server) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            chat.write(Messages.chat(0, status(StatusCode.ALREADY_EXISTS, "twice")));
            Expect.status(StatusCode.ALREADY_EXISTS, "twice", chat::read);
        }
        server.mustStillAnswer();
    }

    private static void chatException(Server server) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            chat.write(Messages.chat(
                    0, Plan.newBuilder().setThrowMessage("on purpose").setAfterMessages(1)));
            Expect.notNull("first message", chat.read());
            Expect.status(StatusCode.UNKNOWN, chat::read);
        }
        server.mustStillAnswer();
    }

    private static void unknownDownload(Server server) throws Exception {
        MethodDescriptor<Empty, Empty> method =
                MethodDescriptor.serverStreaming(ConformanceTtrpc.SERVICE_NAME, "NoDownload", EMPTY, EMPTY);
        try (MessageReader<Empty> messages =
                server.channel().serverStreaming(method, Empty.getDefaultInstance(), CallOptions.DEFAULT)) {
            Expect.status(StatusCode.UNIMPLEMENTED, "method NoDownload", messages::read);
        }
        server.mustStillAnswer();
    }

    /** Sends no message: some versions of Go end with their whole process when one comes for a stream that they do not know. */
    private static void unknownChat(Server server) throws Exception {
        MethodDescriptor<Empty, Empty> method =
                MethodDescriptor.bidiStreaming(ConformanceTtrpc.SERVICE_NAME, "NoChat", EMPTY, EMPTY);
        try (DuplexCall<Empty, Empty> chat = server.channel().bidiStreaming(method, CallOptions.DEFAULT)) {
            Expect.status(StatusCode.UNIMPLEMENTED, "method NoChat", chat::read);
        }
        server.mustStillAnswer();
    }

    private static void failureAfterFailure(Server server) throws Exception {
        for (int i = 0; i < 100; i++) {
            String text = "failure " + i;
            Expect.status(
                    StatusCode.FAILED_PRECONDITION,
                    text,
                    () -> server.client().unary(Messages.unary(status(StatusCode.FAILED_PRECONDITION, text))));
            server.mustStillAnswer();
        }
    }

    private static Plan.Builder status(StatusCode code, String message) {
        return Messages.status(code, message);
    }

    private static Empty call(Server server, MethodDescriptor<Empty, Empty> method) {
        return server.channel().unary(method, Empty.getDefaultInstance(), CallOptions.DEFAULT);
    }

    private static void upload(Server server) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(status(StatusCode.ABORTED, "enough").setAfterMessages(2)));
            call.write(Messages.upload(1));
            Expect.status(StatusCode.ABORTED, "enough", call::finish);
        }
        server.mustStillAnswer();
    }

    private static void downloadAtOnce(Server server) throws Exception {
        Plan.Builder plan = status(StatusCode.PERMISSION_DENIED, "not you");
        try (MessageReader<DownloadResponse> messages = server.client()
                .download(Messages.download(10, 1).toBuilder().setPlan(plan).build())) {
            Expect.status(StatusCode.PERMISSION_DENIED, "not you", messages::read);
        }
        server.mustStillAnswer();
    }

    private static void downloadAfterData(Server server) throws Exception {
        Plan.Builder plan = status(StatusCode.DATA_LOSS, "lost").setAfterMessages(3);
        plan.addStatusDetailsBuilder().setTypeUrl("a/B");
        try (MessageReader<DownloadResponse> messages = server.client()
                .download(Messages.download(10, 1).toBuilder().setPlan(plan).build())) {
            StreamCases.expectNumbers(messages, 0, 3, 1);
            Status status = Expect.status(StatusCode.DATA_LOSS, "lost", messages::read);
            Expect.equal("details", status.details(), List.of(new Status.Detail("a/B", new byte[0])));
        }
        server.mustStillAnswer();
    }

    private static void chatAfterData(Server server) throws Exception {
        try (DuplexCall<ChatMessage, ChatMessage> chat = server.client().chat()) {
            chat.write(
                    Messages.chat(0, status(StatusCode.OUT_OF_RANGE, "beyond").setAfterMessages(2)));
            Expect.notNull("first message", chat.read());
            chat.write(Messages.chat(1));
            Expect.notNull("second message", chat.read());
            Expect.status(StatusCode.OUT_OF_RANGE, "beyond", chat::read);
        }
        server.mustStillAnswer();
    }
}
