package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.fuzz.Protobuf.Oddity;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.RequestEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.testing.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Any bytes as a Request: what protobuf-java reads, or MalformedException where it refuses; and what was read is read again when it is encoded. */
public final class RequestFuzz {
    private static final int MAX_METADATA = 200;

    private RequestFuzz() {}

    private record Request(
            String service,
            String method,
            ByteString payload,
            long timeoutNano,
            List<String> metadata,
            boolean large) {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Request ours = read(input);
        Request theirs = readByProtobuf(input);
        if (ours != null && theirs != null) {
            check(
                    ours.large() ? theirs.metadata().size() > 0 : ours.equals(theirs),
                    () -> "read as " + ours + ", by protobuf as " + theirs);
        } else if (ours != theirs) {
            Set<Oddity> oddities = Protobuf.oddities("Request", input);
            check(
                    ours == null
                            ? oddities.contains(Oddity.LONG_NUMBER) || oddities.contains(Oddity.DEEP_GROUP)
                            : oddities.contains(Oddity.TWICE) || ours.large(),
                    () -> "read as " + ours + ", by protobuf as " + theirs + ", odd: " + oddities);
        }
        if (ours != null
                && !ours.large()
                && !ours.service().isEmpty()
                && !ours.method().isEmpty()) {
            checkEncoding(ours);
        }
    }

    private static Request read(byte[] bytes) {
        byte[] framed = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, framed, 3, bytes.length);
        ByteBuf buffer = Unpooled.wrappedBuffer(framed);
        RequestEnvelope envelope = new RequestEnvelope(MAX_METADATA);
        try {
            envelope.parse(buffer, 3, bytes.length);
            List<String> metadata = new ArrayList<>();
            envelope.metadata().forEach((key, value) -> {
                metadata.add(key);
                metadata.add(value);
            });
            check(!envelope.metadataTooLarge() || metadata.isEmpty(), "metadata is kept that is too large");
            return new Request(
                    envelope.service(buffer),
                    envelope.method(buffer),
                    ByteString.copyFrom(framed, envelope.payloadIndex(), envelope.payloadLength()),
                    envelope.timeoutNano(),
                    metadata,
                    envelope.metadataTooLarge());
        } catch (MalformedException e) {
            check(!e.getMessage().isEmpty(), "no reason");
            return null;
        }
    }

    private static Request readByProtobuf(byte[] bytes) {
        DynamicMessage request;
        try {
            request = DynamicMessage.parseFrom(Protobuf.REQUEST, bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
        List<String> metadata = new ArrayList<>();
        List<?> pairs = (List<?>) get(request, 5);
        for (Object pair : pairs) {
            metadata.add((String) get((Message) pair, 1));
            metadata.add((String) get((Message) pair, 2));
        }
        return new Request(
                (String) get(request, 1),
                (String) get(request, 2),
                (ByteString) get(request, 3),
                (Long) get(request, 4),
                metadata,
                false);
    }

    static Object get(Message message, int field) {
        return message.getField(message.getDescriptorForType().findFieldByNumber(field));
    }

    private static void checkEncoding(Request request) throws IOException {
        Metadata.Builder metadata = Metadata.builder();
        for (int i = 0; i < request.metadata().size(); i += 2) {
            metadata.add(request.metadata().get(i), request.metadata().get(i + 1));
        }
        List<String> lowered = new ArrayList<>();
        metadata.build().forEach((key, value) -> {
            lowered.add(key);
            lowered.add(value);
        });
        byte[] payload = request.payload().toByteArray();
        byte[] head = FrameEncoder.requestHead(
                MethodDescriptor.unary(request.service(), request.method(), Bytes.INSTANCE, Bytes.INSTANCE));
        byte[] pairs = FrameEncoder.metadata(metadata.build());
        ByteBuf frame = Unpooled.buffer();
        FrameEncoder.writeRequest(
                frame,
                1,
                0,
                new FrameEncoder.RequestParts<>(head, pairs, Bytes.INSTANCE, payload, payload.length),
                request.timeoutNano());
        long length = FrameEncoder.requestLength(head.length, payload.length, request.timeoutNano(), pairs.length);
        check(frame.readableBytes() == Wire.HEADER_LENGTH + length, "a Request is longer than it was said to be");
        byte[] body = new byte[(int) length];
        frame.getBytes(Wire.HEADER_LENGTH, body);
        Request again = readByProtobuf(body);
        Request expected = new Request(
                request.service(), request.method(), request.payload(), request.timeoutNano(), lowered, false);
        check(expected.equals(again), () -> expected + " was encoded as " + again);
    }
}
