package dev.ttrpc.internal.stream;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a message that nobody has taken yet. Small ones are copied out of the read buffer, so that one byte does not hold 64 KiB; large ones
 * keep it where they fill most of it. Owned by whoever holds it, and to be {@linkplain #release released} once.
 */
public final class InboundMessage {
    /** What a frame counts besides its length: about what its objects cost. */
    public static final int OVERHEAD = 256;

    private static final int COPY_BELOW = 4 << 10;

    private final byte @Nullable [] array;
    private final @Nullable ByteBuf buffer;
    private final int weight;

    private InboundMessage(byte @Nullable [] array, @Nullable ByteBuf buffer, int weight) {
        this.array = array;
        this.buffer = buffer;
        this.weight = weight;
    }

    /** The message in a range of {@code source}, which is borrowed. */
    public static InboundMessage of(ByteBuf source, int index, int length) {
        if (length < COPY_BELOW) {
            byte[] copy = new byte[length];
            source.getBytes(index, copy);
            return new InboundMessage(copy, null, length + OVERHEAD);
        }
        if (source.capacity() / 2 <= length) {
            return new InboundMessage(null, source.retainedSlice(index, length), source.capacity() + OVERHEAD);
        }
        ByteBuf copy = source.alloc().buffer(length, length).writeBytes(source, index, length);
        return new InboundMessage(null, copy, length + OVERHEAD);
    }

    /** What it counts against a receive budget, in bytes. */
    public int weight() {
        return weight;
    }

    /** The bytes, valid until the release. */
    public ByteBuffer bytes() {
        return array != null ? ByteBuffer.wrap(array) : bufferBytes();
    }

    private ByteBuffer bufferBytes() {
        ByteBuf held = java.util.Objects.requireNonNull(buffer);
        return held.nioBuffer(held.readerIndex(), held.readableBytes());
    }

    public void release() {
        if (buffer != null) {
            buffer.release();
        }
    }
}
