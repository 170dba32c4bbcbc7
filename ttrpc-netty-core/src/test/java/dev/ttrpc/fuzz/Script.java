package dev.ttrpc.fuzz;

import java.util.Arrays;

/** An input as a row of choices. Behind its end every choice is 0. */
public final class Script {
    private final byte[] bytes;
    private int at;

    public Script(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean isOver() {
        return at >= bytes.length;
    }

    /** 0 to 255. */
    public int next() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }

    /** 0 to {@code bound - 1}, {@code bound} at most 256. */
    public int choose(int bound) {
        return next() % bound;
    }

    public boolean nextBoolean() {
        return (next() & 1) != 0;
    }

    /** 0 to 65535. */
    public int nextShort() {
        return next() << 8 | next();
    }

    public int nextInt() {
        return nextShort() << 16 | nextShort();
    }

    /** Up to {@code count} bytes, as many as are left. */
    public byte[] take(int count) {
        int from = Math.min(at, bytes.length);
        int to = Math.min(bytes.length, from + count);
        at = to;
        return Arrays.copyOfRange(bytes, from, to);
    }

    public byte[] rest() {
        return take(bytes.length);
    }
}
