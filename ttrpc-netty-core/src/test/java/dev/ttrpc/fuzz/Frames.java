package dev.ttrpc.fuzz;

import dev.ttrpc.internal.codec.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Takes a row of bytes apart into frames as they come, and puts frames together. Naive on purpose. */
final class Frames {
    private final int limit;
    private byte[] left = {};

    interface Listener {
        /** @param body null where the length is over the limit */
        void onFrame(int id, int type, int flags, int length, byte[] body);
    }

    Frames(int limit) {
        this.limit = limit;
    }

    /** Whether a length was broken: nothing is read any more. */
    boolean broken;

    void add(byte[] bytes, Listener listener) {
        byte[] all = Arrays.copyOf(left, left.length + bytes.length);
        System.arraycopy(bytes, 0, all, left.length, bytes.length);
        int at = 0;
        while (!broken && all.length - at >= Wire.HEADER_LENGTH) {
            ByteBuffer header = ByteBuffer.wrap(all, at, Wire.HEADER_LENGTH);
            int length = header.getInt();
            if (length >>> 24 != 0) {
                broken = true;
                break;
            }
            if (all.length - at - Wire.HEADER_LENGTH < length) {
                break;
            }
            int id = header.getInt();
            int type = header.get() & 0xff;
            int flags = header.get() & 0xff;
            int body = at + Wire.HEADER_LENGTH;
            at = body + length;
            listener.onFrame(id, type, flags, length, length > limit ? null : Arrays.copyOfRange(all, body, at));
        }
        left = Arrays.copyOfRange(all, at, all.length);
    }

    boolean isWhole() {
        return left.length == 0;
    }

    static byte[] frame(int id, int type, int flags, byte[] body) {
        return ByteBuffer.allocate(Wire.HEADER_LENGTH + body.length)
                .putInt(body.length)
                .putInt(id)
                .put((byte) type)
                .put((byte) flags)
                .put(body)
                .array();
    }

    static void field(ByteArrayOutputStream out, int number, byte[] value) {
        out.write(number << 3 | 2);
        varint(out, value.length);
        out.writeBytes(value);
    }

    static void number(ByteArrayOutputStream out, int number, long value) {
        out.write(number << 3);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
