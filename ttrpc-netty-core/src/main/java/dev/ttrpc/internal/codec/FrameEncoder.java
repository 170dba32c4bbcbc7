package dev.ttrpc.internal.codec;

import dev.ttrpc.Marshaller;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes whole frames, header, envelope and message one behind the other, into a buffer that the caller owns. */
public final class FrameEncoder {
    private static final int SERVICE = 1;
    private static final int METHOD = 2;
    private static final int REQUEST_PAYLOAD = 3;
    private static final int TIMEOUT = 4;
    private static final int METADATA = 5;
    private static final int RESPONSE_STATUS = 1;
    private static final int RESPONSE_PAYLOAD = 2;

    private FrameEncoder() {}

    /** Service and method of a Request, encoded once for all calls of the method. */
    public static byte[] requestHead(MethodDescriptor<?, ?> method) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeTextField(out, SERVICE, method.service());
        writeTextField(out, METHOD, method.name());
        return out.toByteArray();
    }

    /** The metadata fields of a Request, keys in lower case. */
    public static byte[] metadata(Metadata metadata) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metadata.forEach((key, value) -> {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            writeTextField(pair, 1, key.toLowerCase(Locale.ROOT));
            writeTextField(pair, 2, value);
            out.write(METADATA << 3 | ProtoCursor.LENGTH_DELIMITED);
            writeVarint(out, pair.size());
            out.writeBytes(pair.toByteArray());
        });
        return out.toByteArray();
    }

    /**
     * The length of a Request's body.
     *
     * @param payload the size of the message, or -1 where there is none
     */
    public static long requestLength(int head, int payload, long timeoutNano, int metadata) {
        return head
                + (payload <= 0 ? 0 : 1 + varintSize(payload) + (long) payload)
                + (timeoutNano == 0 ? 0 : 1 + varintSize(timeoutNano))
                + metadata;
    }

    /** Writes a Request in one piece. An empty message is an absent payload. */
    public static <Q> void writeRequest(ByteBuf out, int streamId, int flags, RequestParts<Q> parts, long timeoutNano)
            throws IOException {
        int payload = parts.payloadSize();
        byte[] head = parts.head();
        byte[] metadata = parts.metadata();
        int length = (int) requestLength(head.length, payload, timeoutNano, metadata.length);
        writeHeader(out, length, streamId, Wire.REQUEST, flags);
        out.writeBytes(head);
        if (payload > 0) {
            out.writeByte(REQUEST_PAYLOAD << 3 | ProtoCursor.LENGTH_DELIMITED);
            writeVarint(out, payload);
            writeMessage(out, parts.marshaller(), parts.message(), payload);
        }
        if (timeoutNano != 0) {
            out.writeByte(TIMEOUT << 3 | ProtoCursor.VARINT);
            writeVarint(out, timeoutNano);
        }
        out.writeBytes(metadata);
    }

    /**
     * What a Request is made of besides its deadline.
     *
     * @param payloadSize the size of the message, or -1 where there is none
     */
    public record RequestParts<Q>(
            byte[] head,
            byte[] metadata,
            Marshaller<Q> marshaller,
            @Nullable Q message,
            int payloadSize) {}

    /** The length of the body of a Response that carries a message. */
    public static long responseLength(int payload) {
        return payload == 0 ? 0 : 1 + varintSize(payload) + (long) payload;
    }

    /** Writes an OK Response, which carries no status. */
    public static <P> void writeResponse(ByteBuf out, int streamId, Marshaller<P> marshaller, P message, int payload)
            throws IOException {
        writeHeader(out, (int) responseLength(payload), streamId, Wire.RESPONSE, 0);
        if (payload > 0) {
            out.writeByte(RESPONSE_PAYLOAD << 3 | ProtoCursor.LENGTH_DELIMITED);
            writeVarint(out, payload);
            writeMessage(out, marshaller, message, payload);
        }
    }

    /** Writes a message of a stream. */
    public static <T> void writeData(ByteBuf out, int streamId, Marshaller<T> marshaller, T message, int payload)
            throws IOException {
        writeHeader(out, payload, streamId, Wire.DATA, 0);
        writeMessage(out, marshaller, message, payload);
    }

    /** Writes the end of one side of a stream. */
    public static void writeClose(ByteBuf out, int streamId) {
        writeHeader(out, 0, streamId, Wire.DATA, Wire.REMOTE_CLOSED | Wire.NO_DATA);
    }

    /**
     * The body of a Response that carries an error. A code that is not 1 to 16 becomes UNKNOWN with the number in its text, because ttrpc-rust's
     * clients take it for success; a status over the limit becomes RESOURCE_EXHAUSTED.
     */
    public static byte[] errorBody(Status status, int maxMessage) {
        byte[] body = errorBody(sendable(status));
        return body.length <= maxMessage
                ? body
                : errorBody(Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(body.length, maxMessage)));
    }

    public static void writeError(ByteBuf out, int streamId, byte[] body) {
        writeHeader(out, body.length, streamId, Wire.RESPONSE, 0);
        out.writeBytes(body);
    }

    private static Status sendable(Status status) {
        if (status.codeValue() >= 1 && status.codeValue() <= 16) {
            return status;
        }
        String text = "status code " + status.codeValue();
        return Status.UNKNOWN
                .withDescription(status.description().isEmpty() ? text : text + ": " + status.description())
                .withDetails(status.details());
    }

    private static byte[] errorBody(Status status) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.write(1 << 3 | ProtoCursor.VARINT);
        writeVarint(inner, status.codeValue());
        writeTextField(inner, 2, status.description());
        for (Status.Detail detail : status.details()) {
            ByteArrayOutputStream any = new ByteArrayOutputStream();
            writeTextField(any, 1, detail.typeUrl());
            byte[] value = detail.value();
            if (value.length > 0) {
                writeBytesField(any, 2, value);
            }
            writeBytesField(inner, 3, any.toByteArray());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeBytesField(out, RESPONSE_STATUS, inner.toByteArray());
        return out.toByteArray();
    }

    private static void writeHeader(ByteBuf out, int length, int streamId, int type, int flags) {
        out.ensureWritable(Wire.HEADER_LENGTH + length);
        out.writeInt(length);
        out.writeInt(streamId);
        out.writeShort(type << 8 | flags);
    }

    private static <T> void writeMessage(ByteBuf out, Marshaller<T> marshaller, @Nullable T message, int size)
            throws IOException {
        if (size == 0 || message == null) {
            return;
        }
        ByteBuffer target = out.internalNioBuffer(out.writerIndex(), size);
        marshaller.write(message, target);
        if (target.hasRemaining()) {
            throw new IOException("the message was written with " + target.remaining() + " bytes less than its size "
                    + size + ": was it changed while being sent?");
        }
        out.writerIndex(out.writerIndex() + size);
    }

    /** Writes a field as proto3 does: an empty string is left out. */
    private static void writeTextField(ByteArrayOutputStream out, int field, String text) {
        if (!text.isEmpty()) {
            writeBytesField(out, field, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void writeBytesField(ByteArrayOutputStream out, int field, byte[] value) {
        out.write(field << 3 | ProtoCursor.LENGTH_DELIMITED);
        writeVarint(out, value.length);
        out.writeBytes(value);
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void writeVarint(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static int varintSize(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
