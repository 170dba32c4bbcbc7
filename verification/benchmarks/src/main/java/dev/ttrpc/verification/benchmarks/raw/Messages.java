package dev.ttrpc.verification.benchmarks.raw;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes that are sent and expected. */
final class Messages {
    private Messages() {}

    static EchoMessage echo(int payloadSize) {
        byte[] payload = new byte[payloadSize];
        Arrays.fill(payload, (byte) 'x');
        return EchoMessage.newBuilder()
                .setPayload(UnsafeByteOperations.unsafeWrap(payload))
                .build();
    }

    /** The frame of a Request with a message, for a call that is not a stream of the client's. */
    static ByteBuffer request(MethodDescriptor<?, ?> method, MessageLite message, int flags) {
        return RawFrames.frame(0, RawFrames.REQUEST, flags, RawFrames.envelope(method, message.toByteString(), 0));
    }

    /** The frame that opens a stream of the client's. */
    static ByteBuffer opening(int id, MethodDescriptor<?, ?> method) {
        return RawFrames.frame(
                id,
                RawFrames.REQUEST,
                RawFrames.REMOTE_OPEN | RawFrames.NO_DATA,
                RawFrames.envelope(method, ByteString.EMPTY, 0));
    }

    static ByteBuffer data(int id, MessageLite message) {
        return RawFrames.frame(id, RawFrames.DATA, 0, message.toByteArray());
    }

    /** The frame that ends what a client sends. */
    static ByteBuffer end(int id) {
        return RawFrames.frame(id, RawFrames.DATA, RawFrames.REMOTE_CLOSED | RawFrames.NO_DATA, new byte[0]);
    }

    /** The body of the Response that carries a message and no status. The empty message is not written. */
    static byte[] responseBody(MessageLite message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        ByteString payload = message.toByteString();
        try {
            if (!payload.isEmpty()) {
                output.writeBytes(2, payload);
            }
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
