package dev.ttrpc.verification.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The frames of one {@code ttrpc.benchmark.v1.Benchmark/Echo} call, encoded by hand and once: between two calls only the stream id
 * differs. Fields are shorter than 128 bytes, so that a length is one byte.
 */
final class EchoFrames {
    static final int HEADER_SIZE = 10;
    static final byte RESPONSE = 2;

    private static final String SERVICE = "ttrpc.benchmark.v1.Benchmark";
    private static final String METHOD = "Echo";
    private static final int LARGEST_PAYLOAD = 120;

    private final byte[] request;
    private final byte[] responseBody;

    EchoFrames(int payloadSize) {
        if (payloadSize < 1 || payloadSize > LARGEST_PAYLOAD) {
            throw new IllegalArgumentException("payload must be 1 to " + LARGEST_PAYLOAD + " bytes: " + payloadSize);
        }
        byte[] message = field(1, "x".repeat(payloadSize).getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream envelope = new ByteArrayOutputStream();
        envelope.writeBytes(field(1, SERVICE.getBytes(StandardCharsets.US_ASCII)));
        envelope.writeBytes(field(2, METHOD.getBytes(StandardCharsets.US_ASCII)));
        envelope.writeBytes(field(3, message));
        request = ByteBuffer.allocate(HEADER_SIZE + envelope.size())
                .putInt(envelope.size())
                .putInt(0)
                .put((byte) 1)
                .put((byte) 0)
                .put(envelope.toByteArray())
                .array();
        responseBody = field(2, message);
    }

    int requestSize() {
        return request.length;
    }

    int responseSize() {
        return HEADER_SIZE + responseBody.length;
    }

    void putRequest(ByteBuffer target, int streamId) {
        int start = target.position();
        target.put(request).putInt(start + 4, streamId);
    }

    /** Whether the frame at {@code start} is an OK response of the right length. Its bytes are looked at by {@link #isEcho} alone. */
    boolean isResponse(ByteBuffer source, int start) {
        return source.getInt(start) == responseBody.length && source.get(start + 8) == RESPONSE;
    }

    /** Whether the frame at {@code start} carries the payload that was sent. */
    boolean isEcho(ByteBuffer source, int start) {
        return isResponse(source, start)
                && source.slice(start + HEADER_SIZE, responseBody.length).equals(ByteBuffer.wrap(responseBody));
    }

    private static byte[] field(int number, byte[] value) {
        return ByteBuffer.allocate(2 + value.length)
                .put((byte) (number << 3 | 2))
                .put((byte) value.length)
                .put(value)
                .array();
    }
}
