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
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.Pair;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import dev.ttrpc.protobuf.ProtobufMarshaller;
import java.util.List;

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
            new ConformanceCase("chat-error-after-data", "the data, then the status", FailureCases::chatAfterData));

    private static final ProtobufMarshaller<Empty> EMPTY = ProtobufMarshaller.of(Empty.getDefaultInstance());

    private FailureCases() {}

    private static void details(Server server) throws Exception {
        ProtobufMarshaller<Pair> pairs = ProtobufMarshaller.of(Pair.getDefaultInstance());
        Pair pair = Pair.newBuilder().setKey("k").setValue("v").build();
        List<Status.Detail> sent = List.of(
                Status.Detail.pack("type.googleapis.com/ttrpc.conformance.v1.Pair", pair, pairs),
                new Status.Detail("no.slash.Type", new byte[] {1, 2, 3}));
        Plan.Builder plan = Messages.status(StatusCode.FAILED_PRECONDITION, "nicht möglich");
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
                Plan.Builder plan = Messages.status(code, "code " + code);
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

    private static Empty call(Server server, MethodDescriptor<Empty, Empty> method) {
        return server.channel().unary(method, Empty.getDefaultInstance(), CallOptions.DEFAULT);
    }

    private static void upload(Server server) throws Exception {
        try (UploadCall<UploadRequest, UploadResponse> call = server.client().upload()) {
            call.write(Messages.upload(
                    Messages.status(StatusCode.ABORTED, "enough").setAfterMessages(2)));
            call.write(Messages.upload(1));
            Expect.status(StatusCode.ABORTED, "enough", call::finish);
        }
        server.mustStillAnswer();
    }

    private static void downloadAtOnce(Server server) throws Exception {
        Plan.Builder plan = Messages.status(StatusCode.PERMISSION_DENIED, "not you");
        try (MessageReader<DownloadResponse> messages = server.client()
                .download(Messages.download(10, 1).toBuilder().setPlan(plan).build())) {
            Expect.status(StatusCode.PERMISSION_DENIED, "not you", messages::read);
        }
        server.mustStillAnswer();
    }

    private static void downloadAfterData(Server server) throws Exception {
        Plan.Builder plan = Messages.status(StatusCode.DATA_LOSS, "lost").setAfterMessages(3);
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
            chat.write(Messages.chat(
                    0, Messages.status(StatusCode.OUT_OF_RANGE, "beyond").setAfterMessages(2)));
            Expect.notNull("first message", chat.read());
            chat.write(Messages.chat(1));
            Expect.notNull("second message", chat.read());
            Expect.status(StatusCode.OUT_OF_RANGE, "beyond", chat::read);
        }
        server.mustStillAnswer();
    }
}
