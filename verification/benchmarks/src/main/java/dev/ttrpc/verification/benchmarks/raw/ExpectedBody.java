package dev.ttrpc.verification.benchmarks.raw;

import java.nio.ByteBuffer;

/** A body that is known beforehand. */
final class ExpectedBody {
    /** An OK status that is written although it says nothing, as Rust does: field 1 of length 0. */
    private static final byte[] EMPTY_STATUS = {0x0A, 0};

    private final ByteBuffer body;
    private final int size;

    ExpectedBody(byte[] body) {
        this.body = ByteBuffer.wrap(body);
        this.size = body.length;
    }

    /** Whether a body of this length can be it. */
    boolean hasLength(int length) {
        return length == size || length == size + EMPTY_STATUS.length;
    }

    /** Whether it stands there, {@code length} being one that it can have. */
    boolean stands(ByteBuffer input, int start, int length) {
        int skipped = length - size;
        for (int i = 0; i < skipped; i++) {
            if (input.get(start + i) != EMPTY_STATUS[i]) {
                return false;
            }
        }
        return input.slice(start + skipped, size).equals(body);
    }
}
