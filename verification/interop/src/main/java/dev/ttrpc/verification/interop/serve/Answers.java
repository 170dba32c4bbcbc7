package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;

/** What both stacks answer. */
final class Answers {
    private Answers() {}

    static UnaryResponse unary(UnaryRequest request, CallInfo call) {
        ByteString payload = request.getResponseSize() == 0 ? request.getPayload() : zeros(request.getResponseSize());
        return UnaryResponse.newBuilder().setPayload(payload).setCall(call).build();
    }

    static DownloadResponse download(int number, ByteString payload) {
        return DownloadResponse.newBuilder()
                .setNumber(number)
                .setPayload(payload)
                .build();
    }

    static void count(UploadRequest request, UploadResponse.Builder answer) {
        answer.setMessages(answer.getMessages() + 1);
        answer.setBytes(answer.getBytes() + request.getPayload().size());
    }

    static ByteString zeros(int size) {
        return UnsafeByteOperations.unsafeWrap(new byte[size]);
    }
}
