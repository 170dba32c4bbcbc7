package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.stream.SendBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * Gathers frames and hands them to the channel: small ones side by side in one buffer, so that a hundred answers are one buffer and one system call. What was reserved
 * for them goes back to the budget when they are written, or cannot be. Belongs to the event loop.
 */
public final class FrameWriter {
    /** Up to this size a frame is encoded by the event loop, larger ones by whoever sends them. */
    public static final int ENCODED_ON_LOOP = 16 << 10;

    private static final int BATCH = 32 << 10;
    private static final int FIRST = 2 << 10;

    private final Channel channel;
    private final SendBudget budget;
    private final Runnable written;
    private @Nullable ByteBuf batch;
    private int nextBatch = FIRST;
    private long reserved;
    private boolean unflushed;

    /** @param written runs on the event loop when something was written, or could not be */
    public FrameWriter(Channel channel, SendBudget budget, Runnable written) {
        this.channel = channel;
        this.budget = budget;
        this.written = written;
    }

    /**
     * A buffer with room for one frame of {@code size} bytes, which the caller writes at once. It stays this writer's.
     *
     * <p>Where there is no memory for it, what was reserved is released and the connection closed, which ends its calls: a frame that cannot be written is
     * an end that its call never gets.
     *
     * @param size bytes, which the caller has reserved
     */
    public ByteBuf begin(int size) {
        ByteBuf current = batch;
        if (current != null && current.maxWritableBytes() < size) {
            push();
            nextBatch = BATCH;
            current = null;
        }
        if (current == null) {
            try {
                current = channel.alloc().buffer(Math.max(size, nextBatch), Math.max(size, BATCH));
            } catch (RuntimeException | Error e) {
                budget.release(size);
                channel.close();
                throw e;
            }
            batch = current;
        }
        reserved += size;
        return current;
    }

    /** Undoes a frame that could not be encoded: what was written behind {@code writerIndex} is cut off, its reservation released. */
    public void abort(int writerIndex, int size) {
        if (batch != null) {
            batch.writerIndex(writerIndex);
        }
        reserved -= size;
        budget.release(size);
    }

    /** Takes over a whole frame in its own buffer, for which the caller has reserved {@code size} bytes. */
    public void write(ByteBuf frame, int size) {
        push();
        unflushed = true;
        writeCounted(frame, size);
    }

    /** Hands everything to the socket. */
    public void flush() {
        if (batch != null) {
            int written = batch.writerIndex();
            push();
            nextBatch = written > FIRST ? BATCH : FIRST;
        }
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Whether nothing waits to be handed to the socket. */
    public boolean isFlushed() {
        return batch == null && !unflushed;
    }

    /** Throws away what was not handed over. */
    public void close() {
        if (batch != null) {
            batch.release();
            batch = null;
        }
        long size = reserved;
        reserved = 0; // first: who is granted what is released may write at once
        if (size > 0) {
            budget.release(size);
        }
    }

    private void push() {
        ByteBuf full = batch;
        if (full == null) {
            return;
        }
        batch = null;
        long size = reserved;
        reserved = 0;
        if (full.isReadable()) {
            unflushed = true;
            writeCounted(full, size);
        } else {
            full.release();
            budget.release(size);
        }
    }

    private void writeCounted(ByteBuf buffer, long size) {
        channel.write(buffer).addListener((ChannelFutureListener) done -> {
            budget.release(size);
            if (!done.isSuccess()) {
                channel.close(); // what has not left cannot be made up for
            }
            written.run();
        });
    }
}
