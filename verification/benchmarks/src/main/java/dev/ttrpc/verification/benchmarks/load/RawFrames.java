package dev.ttrpc.verification.benchmarks.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.benchmark.v1.LoadMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames made and read by hand, so that a peer may do what no client would. */
public final class RawFrames {
    public static final int HEADER = 10;
    public static final int REQUEST = 1;
    public static final int RESPONSE = 2;
    public static final int DATA = 3;
    public static final int REMOTE_CLOSED = 1;
    public static final int REMOTE_OPEN = 2;
    public static final int NO_DATA = 4;

    private RawFrames() {}

    /** A frame, ready to be read. */
    public static ByteBuffer frame(int id, int type, int flags, byte[] body) {
        return header(body.length, id, type, flags, body.length).put(body).flip();
    }

    /** A header that announces {@code length} bytes, in a buffer with room for {@code room} more. Not flipped. */
    public static ByteBuffer header(int length, int id, int type, int flags, int room) {
        return ByteBuffer.allocate(HEADER + room)
                .putInt(length)
                .putInt(id)
                .put((byte) type)
                .put((byte) flags);
    }

    /** The request that opens a call, with the flags that its kind demands. */
    public static ByteBuffer request(
            int id, MethodDescriptor<LoadMessage, LoadMessage> method, LoadMessage message, long timeoutNanos) {
        boolean streams = method.type().clientStreams();
        int flags = streams ? REMOTE_OPEN | NO_DATA : method.type().serverStreams() ? REMOTE_CLOSED : 0;
        return frame(
                id,
                REQUEST,
                flags,
                envelope(method, streams ? ByteString.EMPTY : message.toByteString(), timeoutNanos));
    }

    /** The body of a Request. */
    public static byte[] envelope(MethodDescriptor<?, ?> method, ByteString payload, long timeoutNanos) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        try {
            output.writeString(1, method.service());
            output.writeString(2, method.name());
            if (!payload.isEmpty()) {
                output.writeBytes(3, payload);
            }
            if (timeoutNanos != 0) {
                output.writeInt64(4, timeoutNanos);
            }
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * A frame as it was read.
     *
     * @param id the stream's
     */
    public record Received(int id, int type, int flags, byte[] body) {
        /** The status code of a Response; 0 where it has none. */
        public int code() throws IOException {
            CodedInputStream input = CodedInputStream.newInstance(body);
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1) {
                    return codeOf(input.readByteArray());
                }
                input.skipField(tag);
            }
            return 0;
        }

        private static int codeOf(byte[] status) throws IOException {
            CodedInputStream input = CodedInputStream.newInstance(status);
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1) {
                    return input.readInt32();
                }
                input.skipField(tag);
            }
            return 0;
        }

        /** Whether the body contains a text. */
        public boolean says(String text) {
            return new String(body, StandardCharsets.UTF_8).contains(text);
        }
    }
}
