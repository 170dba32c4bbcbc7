package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.ttrpc.Status;
import dev.ttrpc.fuzz.Protobuf.Oddity;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.ResponseEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.testing.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Any bytes as a Response, with its status and details: what protobuf-java reads, or MalformedException where it refuses; and what was read is read again when it is encoded. A
 * status whose text is no UTF-8 is read all the same.
 */
public final class ResponseFuzz {
    private ResponseFuzz() {}

    private record Response(Status status, ByteString payload) {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Response ours = read(input);
        Response theirs = readByProtobuf(input);
        if (ours != null && theirs != null) {
            check(
                    ours.equals(theirs) || Protobuf.oddities("Response", input).contains(Oddity.TWICE),
                    () -> "read as " + ours + ", by protobuf as " + theirs);
        } else if (ours != theirs) {
            Set<Oddity> oddities = Protobuf.oddities("Response", input);
            check(
                    ours == null
                            ? oddities.contains(Oddity.LONG_NUMBER) || oddities.contains(Oddity.DEEP_GROUP)
                            : oddities.contains(Oddity.TWICE) || oddities.contains(Oddity.TEXT),
                    () -> "read as " + ours + ", by protobuf as " + theirs + ", odd: " + oddities);
        }
        if (ours != null) {
            checkEncoding(ours);
        }
    }

    private static Response read(byte[] bytes) {
        byte[] framed = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, framed, 3, bytes.length);
        ByteBuf buffer = Unpooled.wrappedBuffer(framed);
        ResponseEnvelope envelope = new ResponseEnvelope();
        try {
            envelope.parse(buffer, 3, bytes.length);
            return new Response(
                    envelope.status(), ByteString.copyFrom(framed, envelope.payloadIndex(), envelope.payloadLength()));
        } catch (MalformedException e) {
            check(!e.getMessage().isEmpty(), "no reason");
            return null;
        }
    }

    private static Response readByProtobuf(byte[] bytes) {
        DynamicMessage response;
        try {
            response = DynamicMessage.parseFrom(Protobuf.RESPONSE, bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
        Message status = (Message) RequestFuzz.get(response, 1);
        List<Status.Detail> details = new ArrayList<>();
        for (Object any : (List<?>) RequestFuzz.get(status, 3)) {
            details.add(new Status.Detail(
                    (String) RequestFuzz.get((Message) any, 1),
                    ((ByteString) RequestFuzz.get((Message) any, 2)).toByteArray()));
        }
        int code = (Integer) RequestFuzz.get(status, 1);
        return new Response(
                code == 0
                        ? Status.OK
                        : Status.forCodeValue(code)
                                .withDescription((String) RequestFuzz.get(status, 2))
                                .withDetails(details),
                (ByteString) RequestFuzz.get(response, 2));
    }

    private static void checkEncoding(Response response) throws IOException {
        byte[] body;
        if (response.status().isOk()) {
            byte[] payload = response.payload().toByteArray();
            ByteBuf frame = Unpooled.buffer();
            FrameEncoder.writeResponse(frame, 1, Bytes.INSTANCE, payload, payload.length);
            body = new byte[frame.readableBytes() - Wire.HEADER_LENGTH];
            check(body.length == FrameEncoder.responseLength(payload.length), "another length than was said");
            frame.getBytes(Wire.HEADER_LENGTH, body);
        } else {
            body = FrameEncoder.errorBody(response.status(), Wire.LEAST_MAX_MESSAGE);
            check(body.length <= Wire.LEAST_MAX_MESSAGE, "an error over the limit");
        }
        Response again = readByProtobuf(body);
        check(again != null, "what was encoded does not parse");
        int code = response.status().codeValue();
        if (code < 0 || code > 16) {
            check(again.status().codeValue() == 2 || again.status().codeValue() == 8, "another code");
            check(
                    again.status().codeValue() == 8
                            || again.status().description().contains("" + code),
                    "no number");
        } else if (again.status().codeValue() != 8 || code == 8) {
            check(again.status().equals(response.status()), () -> response + " was encoded as " + again);
        }
        check(!response.status().isOk() || again.payload().equals(response.payload()), "another payload");
    }
}
