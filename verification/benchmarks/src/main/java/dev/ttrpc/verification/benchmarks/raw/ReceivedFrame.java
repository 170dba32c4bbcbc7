package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.verification.benchmarks.load.RawFrames;
import java.nio.ByteBuffer;

/** The frame that has just come; the same object for each of a connection. */
final class ReceivedFrame {
    static final int HEADER = 10;

    private final ByteBuffer input;
    private int start;
    private int id;
    private int type;
    private int flags;
    private int length;
    private boolean thorough;

    ReceivedFrame(ByteBuffer input) {
        this.input = input;
    }

    /** Reads the header that stands in the input at {@code start}. */
    void readHeader(int start) {
        this.start = start;
        this.length = input.getInt(start);
        this.id = input.getInt(start + 4);
        this.type = input.get(start + 8);
        this.flags = input.get(start + 9);
        this.thorough = false;
    }

    /** Has the body, all of which stands in the input, looked at byte for byte. To do that with each would cost more than to send it. */
    void beThorough() {
        thorough = true;
    }

    int id() {
        return id;
    }

    int length() {
        return length;
    }

    boolean isResponse() {
        return type == RawFrames.RESPONSE;
    }

    boolean isMessage() {
        return type == RawFrames.DATA && (flags & RawFrames.NO_DATA) == 0;
    }

    /** Whether nothing more comes of its stream. */
    boolean isLast() {
        return isResponse() || (flags & RawFrames.REMOTE_CLOSED) != 0;
    }

    /** Whether the body is this one: by its length, and byte for byte where that is asked for. */
    boolean carries(ExpectedBody body) {
        return body.hasLength(length) && (!thorough || body.stands(input, start + HEADER, length));
    }
}
