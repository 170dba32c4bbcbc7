package dev.ttrpc.verification.benchmarks.raw;

import java.nio.ByteBuffer;

/** The same frame many times over, encoded once: before each use only stream ids are written. */
final class FrameBatch {
    private static final int LARGEST = 64 * 1024;

    private final ByteBuffer frames;
    private final int size;
    private final int capacity;

    FrameBatch(ByteBuffer frame, int wanted) {
        this.size = frame.remaining();
        this.capacity = Math.max(1, Math.min(wanted, LARGEST / size));
        this.frames = ByteBuffer.allocateDirect(capacity * size);
        for (int i = 0; i < capacity; i++) {
            frames.put(frame.duplicate());
        }
    }

    /** How many frames can be sent at once. */
    int capacity() {
        return capacity;
    }

    void setId(int index, int streamId) {
        frames.clear().putInt(index * size + Integer.BYTES, streamId);
    }

    /** The first frames, ready to be read. */
    ByteBuffer first(int count) {
        return frames.clear().limit(count * size);
    }
}
