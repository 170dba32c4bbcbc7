package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import dev.ttrpc.internal.codec.FrameDecoder;
import dev.ttrpc.internal.codec.FrameListener;
import dev.ttrpc.internal.codec.Wire;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Any bytes in any pieces: the decoder finds the frames that a look at the whole finds, and holds what has arrived of one frame. An input is a limit, sizes of pieces, and either the
 * bytes themselves or the headers of frames that are filled up.
 */
public final class FrameDecoderFuzz {
    private static final int[] LIMITS = {16, 300, Wire.LEAST_MAX_MESSAGE, 200_000};
    private static final int CHUNK = 64 << 10;
    private static final int LONGEST = 150_000;
    private static final int MOST_PIECES = 100;
    private static final int[] SHIFTS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8, 9};

    private FrameDecoderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Script script = new Script(input);
        int choice = script.next();
        int limit = LIMITS[choice & 3];
        int[] pieces = new int[1 + script.choose(8)];
        for (int i = 0; i < pieces.length; i++) {
            int size = script.next();
            pieces[i] = size < 128 ? 1 + size : (size - 127) * 700;
        }
        byte[] bytes = (choice & 4) == 0 ? script.rest() : filledFrames(script);
        CountingAllocator memory = new CountingAllocator();
        Expected expected = new Expected(bytes, limit);
        FrameDecoder decoder = new FrameDecoder(limit, expected);
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int size = Math.min(pieces[i % pieces.length] + bytes.length / MOST_PIECES, bytes.length - at);
            ByteBuf piece = memory.allocator().buffer(size, size).writeBytes(bytes, at, size);
            at += size;
            decoder.decode(piece, memory.allocator());
            piece.release();
            expected.checkArrived(at, decoder.missing(), memory.held());
        }
        decoder.close();
        check(decoder.missing() == 0, "a closed decoder lacks something");
        check(memory.held() == 0, "a closed decoder holds a buffer");
    }

    private static byte[] filledFrames(Script script) {
        byte[] bytes = new byte[256];
        int at = 0;
        while (!script.isOver()) {
            int size = script.next();
            int length = script.next() << SHIFTS[size & 15];
            int body = Math.max(
                    0, length - (size >> 4)); // the last one may be cut short, any other swallows its successor
            if (at + Wire.HEADER_LENGTH + body > LONGEST) {
                break;
            }
            if (bytes.length < at + Wire.HEADER_LENGTH + body) {
                bytes = Arrays.copyOf(bytes, 2 * (at + Wire.HEADER_LENGTH + body));
            }
            bytes[at] = (byte) (length >>> 24);
            bytes[at + 1] = (byte) (length >>> 16);
            bytes[at + 2] = (byte) (length >>> 8);
            bytes[at + 3] = (byte) length;
            bytes[at + 7] = (byte) script.next();
            bytes[at + 8] = (byte) script.next();
            bytes[at + 9] = (byte) script.next();
            Arrays.fill(bytes, at + Wire.HEADER_LENGTH, at + Wire.HEADER_LENGTH + body, bytes[at + 7]);
            at += Wire.HEADER_LENGTH + body;
        }
        return Arrays.copyOf(bytes, at);
    }

    /** The naive decoder: looks at all bytes at once, and compares what it is told with what stands there. */
    private static final class Expected implements FrameListener {
        private final byte[] bytes;
        private final int limit;
        private int at;
        private boolean broken;

        Expected(byte[] bytes, int limit) {
            this.bytes = bytes;
            this.limit = limit;
        }

        @Override
        public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
            checkHeader(streamId, type, flags, length);
            check(length <= limit, "a frame over the limit was passed on");
            at += Wire.HEADER_LENGTH;
            int from = buffer.arrayOffset() + index;
            check(
                    Arrays.equals(buffer.array(), from, from + length, bytes, at, at + length),
                    "the body of a frame is not what was sent");
            at += length;
        }

        @Override
        public void onOversizedFrame(int streamId, int type, int flags, int length) {
            checkHeader(streamId, type, flags, length);
            check(length > limit, "a frame within the limit was thrown away");
            at += Wire.HEADER_LENGTH + length;
        }

        @Override
        public void onBrokenLength(int length) {
            check(!broken, "told twice that the length is broken");
            check(intAt(at) == length && length >>> 24 != 0, "a good length was called broken");
            broken = true;
        }

        private void checkHeader(int streamId, int type, int flags, int length) {
            check(!broken, "a frame behind a broken length");
            check(bytes.length - at >= Wire.HEADER_LENGTH, "a frame that was not sent");
            check(intAt(at) == length, "another length");
            check(intAt(at + 4) == streamId, "another stream");
            check((bytes[at + 8] & 0xff) == type && (bytes[at + 9] & 0xff) == flags, "another type, or other flags");
            check(bytes.length - at - Wire.HEADER_LENGTH >= length, "a frame that was not sent whole");
        }

        /** Nothing that has arrived whole is kept back, and memory is what has arrived, not what was announced. */
        void checkArrived(int arrived, int missing, long held) {
            int have = arrived - at;
            if (broken || have < Wire.HEADER_LENGTH) {
                check(missing == 0 && held == 0, "memory is held between frames");
                check(broken || have >= 0, "a frame was passed on that has not arrived");
                return;
            }
            int length = intAt(at);
            check(length >>> 24 == 0, "a broken length was not told");
            int body = have - Wire.HEADER_LENGTH;
            check(body < length, "a whole frame was not passed on");
            if (length > limit) {
                check(missing == 0 && held == 0, "memory is held for what is thrown away");
            } else {
                check(missing == length - body, "another number of bytes is missing");
                long bound = Math.min(length, Math.max(CHUNK, 4L * body));
                check(held <= bound, () -> held + " bytes are held for " + body + " of " + length);
            }
        }

        private int intAt(int index) {
            return bytes[index] << 24
                    | (bytes[index + 1] & 0xff) << 16
                    | (bytes[index + 2] & 0xff) << 8
                    | (bytes[index + 3] & 0xff);
        }
    }
}
