package dev.ttrpc.fuzz;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The protocol's messages as protobuf-java reads them, for comparison. */
final class Protobuf {
    private static final FileDescriptor FILE = file();

    static final Descriptor REQUEST = FILE.findMessageTypeByName("Request");
    static final Descriptor RESPONSE = FILE.findMessageTypeByName("Response");

    private Protobuf() {}

    private static FileDescriptor file() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("ttrpc.proto")
                .setSyntax("proto3")
                .addDependency("google/protobuf/any.proto")
                .addMessageType(message(
                        "Request",
                        field("service", 1, Type.TYPE_STRING),
                        field("method", 2, Type.TYPE_STRING),
                        field("payload", 3, Type.TYPE_BYTES),
                        field("timeout_nano", 4, Type.TYPE_INT64),
                        repeated("metadata", 5, ".KeyValue")))
                .addMessageType(
                        message("KeyValue", field("key", 1, Type.TYPE_STRING), field("value", 2, Type.TYPE_STRING)))
                .addMessageType(message(
                        "Response",
                        field("status", 1, Type.TYPE_MESSAGE).setTypeName(".Status"),
                        field("payload", 2, Type.TYPE_BYTES)))
                .addMessageType(message(
                        "Status",
                        field("code", 1, Type.TYPE_INT32),
                        field("message", 2, Type.TYPE_STRING),
                        repeated("details", 3, ".google.protobuf.Any")))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[] {AnyProto.getDescriptor()});
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DescriptorProto message(String name, FieldDescriptorProto.Builder... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (FieldDescriptorProto.Builder field : fields) {
            message.addField(field);
        }
        return message.build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder repeated(String name, int number, String type) {
        return field(name, number, Type.TYPE_MESSAGE).setTypeName(type).setLabel(Label.LABEL_REPEATED);
    }

    /** What an encoding does that no encoder does, and that the two readers may take in different ways. */
    enum Oddity {
        /** A tag or a length of more than 32 bits, or a number of more than ten bytes: protobuf-java cuts it off, Go and we refuse it. */
        LONG_NUMBER,
        /** Unknown groups more than 64 deep: protobuf-java stops at 100. */
        DEEP_GROUP,
        /** A field twice that is there once: of texts only the last one is looked at, and of messages the last one is taken where protobuf-java merges. */
        TWICE,
        /** A status whose text is no UTF-8: the error is worth more than its text. */
        TEXT
    }

    /** The message's fields that are messages, by number. */
    private static final Map<String, Map<Integer, String>> MESSAGES = Map.of(
            "Request", Map.of(5, "KeyValue"),
            "KeyValue", Map.of(),
            "Response", Map.of(1, "Status"),
            "Status", Map.of(3, "Any"),
            "Any", Map.of());

    /** The message's fields that are there once, from 1 to this one. */
    private static final Map<String, Integer> SINGLE =
            Map.of("Request", 4, "KeyValue", 2, "Response", 2, "Status", 2, "Any", 2);

    static Set<Oddity> oddities(String message, byte[] bytes) {
        Set<Oddity> found = new HashSet<>();
        try {
            look(CodedInputStream.newInstance(bytes), message, found, 0);
        } catch (IOException e) {
            return found; // what stands behind it is seen by neither
        }
        return found;
    }

    private static void look(CodedInputStream in, String message, Set<Oddity> found, int depth) throws IOException {
        Set<Integer> seen = new HashSet<>();
        while (!in.isAtEnd()) {
            int tag = number(in, found);
            int field = WireFormat.getTagFieldNumber(tag);
            if (message != null && field <= SINGLE.get(message) && !seen.add(tag)) {
                found.add(Oddity.TWICE);
            }
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_VARINT -> varint(in, found);
                case WireFormat.WIRETYPE_FIXED64 -> in.skipRawBytes(8);
                case WireFormat.WIRETYPE_FIXED32 -> in.skipRawBytes(4);
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    byte[] value = in.readRawBytes(number(in, found));
                    if ("Status".equals(message)
                            && field == 2
                            && !ByteString.copyFrom(value).isValidUtf8()) {
                        found.add(Oddity.TEXT);
                    }
                    String inner =
                            message == null ? null : MESSAGES.get(message).get(field);
                    if (inner != null) {
                        look(CodedInputStream.newInstance(value), inner, found, 0);
                    }
                }
                case WireFormat.WIRETYPE_START_GROUP -> {
                    if (depth >= 64) {
                        found.add(Oddity.DEEP_GROUP);
                        return;
                    }
                    look(in, null, found, depth + 1);
                }
                case WireFormat.WIRETYPE_END_GROUP -> {
                    return;
                }
                default -> throw new IOException("wire type");
            }
        }
    }

    private static int number(CodedInputStream in, Set<Oddity> found) throws IOException {
        long number = varint(in, found);
        if (number >>> 32 != 0) {
            found.add(Oddity.LONG_NUMBER);
        }
        return (int) number;
    }

    private static long varint(CodedInputStream in, Set<Oddity> found) throws IOException {
        long number = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte read = in.readRawByte();
            number |= (read & 0x7fL) << shift;
            if (read >= 0) {
                return number;
            }
        }
        found.add(Oddity.LONG_NUMBER);
        return number;
    }
}
