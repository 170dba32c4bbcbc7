package dev.ttrpc.internal.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Walks the fields of one encoded protobuf message within a buffer that it borrows. */
final class ProtoCursor {
    static final int VARINT = 0;
    static final int LENGTH_DELIMITED = 2;

    private static final int MAX_GROUP_DEPTH = 64;

    private final ByteBuf buffer;
    private final int end;
    private int index;
    private int tag;
    private int fieldIndex;
    private int valueIndex;
    private int valueLength;

    ProtoCursor(ByteBuf buffer, int index, int length) {
        this.buffer = buffer;
        this.index = index;
        this.end = index + length;
    }

    /**
     * Reads the next tag, and for a length-delimited field its extent.
     *
     * @return false at the end
     */
    boolean next() throws MalformedException {
        if (index == end) {
            return false;
        }
        fieldIndex = index;
        long read = varint();
        if (read > 0xffffffffL || read < 8) {
            throw new MalformedException("invalid tag");
        }
        tag = (int) read;
        if (wireType() == LENGTH_DELIMITED) {
            long length = varint();
            if (length < 0 || length > end - index) {
                throw new MalformedException("a field ends behind its message");
            }
            valueIndex = index;
            valueLength = (int) length;
            index += valueLength;
        }
        return true;
    }

    /** The tag as it stood: field number and wire type, to be compared with {@link #tag(int, int)}. */
    int tag() {
        return tag;
    }

    static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    int valueIndex() {
        return valueIndex;
    }

    int valueLength() {
        return valueLength;
    }

    /** How much a length-delimited field takes in its message: tag, length and value. */
    int fieldLength() {
        return valueIndex + valueLength - fieldIndex;
    }

    long varint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (index == end) {
                throw new MalformedException("truncated number");
            }
            byte b = buffer.getByte(index++);
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number of more than 64 bits");
    }

    /** Passes over the value of a field that is not known; length-delimited ones were passed over by {@link #next}. */
    void skip() throws MalformedException {
        skip(0);
    }

    /** The current length-delimited value as text. */
    String text() throws MalformedException {
        return text(buffer, valueIndex, valueLength);
    }

    ProtoCursor message() {
        return new ProtoCursor(buffer, valueIndex, valueLength);
    }

    byte[] bytes() {
        byte[] bytes = new byte[valueLength];
        buffer.getBytes(valueIndex, bytes);
        return bytes;
    }

    /** Text of a buffer's range, which must be valid UTF-8. */
    static String text(ByteBuf buffer, int index, int length) throws MalformedException {
        byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        String ascii = asciiOrNull(bytes);
        if (ascii != null) {
            return ascii;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("string field contains invalid UTF-8");
        }
    }

    private static @Nullable String asciiOrNull(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return null;
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int wireType() {
        return tag & 7;
    }

    private void skip(int depth) throws MalformedException {
        switch (wireType()) {
            case VARINT -> varint();
            case 1 -> advance(8);
            case LENGTH_DELIMITED -> {}
            case 3 -> skipGroup(tag >>> 3, depth);
            case 5 -> advance(4);
            default -> throw new MalformedException("invalid wire type " + wireType());
        }
    }

    private void skipGroup(int field, int depth) throws MalformedException {
        if (depth == MAX_GROUP_DEPTH) {
            throw new MalformedException("groups nested too deep");
        }
        while (next()) {
            if (wireType() == 4) {
                if (tag >>> 3 != field) {
                    throw new MalformedException("a group ends that is not open");
                }
                return;
            }
            skip(depth + 1);
        }
        throw new MalformedException("a group does not end");
    }

    private void advance(int bytes) throws MalformedException {
        if (bytes > end - index) {
            throw new MalformedException("a field ends behind its message");
        }
        index += bytes;
    }
}
