package dev.ttrpc.internal.connection;

import dev.ttrpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Frames above {@link FrameWriter#ENCODED_ON_LOOP}, which have a buffer of their own and are encoded by whoever sends them, so that the event loop has the time for others.
 *
 * <p>One whose sender does not wait (a published message, an answer, an async call's request) and that had to wait for output is encoded by whoever made room for it. That
 * is often the event loop, which has just written something. No executor does it instead, because it may have no thread left: its threads may all be waiting for output,
 * in turn behind the very frame that waits for a thread with its output reserved. The event loop never waits. What it encodes for one write that has ended is at
 * most what the {@linkplain dev.ttrpc.internal.stream.SendBudget send budget} holds, or one larger message, and it comes no faster than the peer reads.
 */
public final class LargeFrames {
    private LargeFrames() {}

    /** Writes one frame into a buffer that has just the room. */
    @FunctionalInterface
    public interface Encoding {
        void write(ByteBuf out) throws IOException;
    }

    /**
     * Encodes a frame. The caller owns it.
     *
     * @param size bytes, which the caller has reserved
     * @return null where that failed: the reservation was released then, and the call ended
     */
    public static @Nullable ByteBuf encode(StreamHalf half, int size, Encoding encoding) {
        return encode(PooledByteBufAllocator.DEFAULT, half, size, encoding);
    }

    static @Nullable ByteBuf encode(ByteBufAllocator allocator, StreamHalf half, int size, Encoding encoding) {
        ByteBuf out;
        try {
            out = allocator.directBuffer(size, size);
        } catch (RuntimeException | Error e) {
            half.sendBudget().release(size);
            half.fail(Status.RESOURCE_EXHAUSTED
                    .withDescription("no memory for a message of " + size + " bytes")
                    .withCause(e));
            return null;
        }
        try {
            encoding.write(out);
            return out;
        } catch (IOException | RuntimeException | Error e) {
            out.release();
            half.sendBudget().release(size);
            half.fail(MessageSender.unencodable(e));
            return null;
        }
    }
}
