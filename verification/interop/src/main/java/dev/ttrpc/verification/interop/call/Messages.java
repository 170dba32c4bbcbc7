package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ttrpc.StatusCode;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;

/** Messages as cases need them. */
final class Messages {
    private Messages() {}

    static ByteString zeros(int size) {
        return UnsafeByteOperations.unsafeWrap(new byte[size]);
    }

    static UnaryRequest unary(Plan.Builder plan) {
        return UnaryRequest.newBuilder().setPlan(plan).build();
    }

    static UploadRequest upload(int size) {
        return UploadRequest.newBuilder().setPayload(zeros(size)).build();
    }

    static UploadRequest upload(Plan.Builder plan) {
        return UploadRequest.newBuilder().setPlan(plan).build();
    }

    static DownloadRequest download(int count, int size) {
        return DownloadRequest.newBuilder().setCount(count).setSize(size).build();
    }

    static ChatMessage chat(int number) {
        return ChatMessage.newBuilder().setNumber(number).build();
    }

    static ChatMessage chat(int number, Plan.Builder plan) {
        return ChatMessage.newBuilder().setNumber(number).setPlan(plan).build();
    }

    static Plan.Builder status(StatusCode code, String message) {
        return Plan.newBuilder().setStatusCode(code.value()).setStatusMessage(message);
    }
}
