package dev.ttrpc.internal.client;

import dev.ttrpc.Deadline;
import dev.ttrpc.MethodType;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.FrameWriter;
import dev.ttrpc.internal.stream.SendBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The Request of one call until it is written: what was reserved for it, and its bytes where they were encoded before. Belongs to the channel's event loop but for
 * {@link #frameSize} and {@link #encode}.
 */
final class OutgoingRequest<Q> {
    private final FrameEncoder.RequestParts<Q> parts;
    private final MethodType type;
    private final @Nullable Deadline deadline;
    private final SendBudget budget;
    private final int maxMessage;
    private @Nullable ByteBuf encoded;
    private int reserved;

    OutgoingRequest(
            FrameEncoder.RequestParts<Q> parts,
            MethodType type,
            @Nullable Deadline deadline,
            SendBudget budget,
            int maxMessage) {
        this.parts = parts;
        this.type = type;
        this.deadline = deadline;
        this.budget = budget;
        this.maxMessage = maxMessage;
    }

    /**
     * The size as a frame, for its reservation.
     *
     * @throws TtrpcException RESOURCE_EXHAUSTED where it is over the limit
     */
    int frameSize() {
        long body = FrameEncoder.requestLength(
                parts.head().length, parts.payloadSize(), timeoutNano(), parts.metadata().length);
        if (body > maxMessage) {
            throw new TtrpcException(
                    Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(body, maxMessage)),
                    TtrpcException.Origin.LIBRARY,
                    null);
        }
        return Wire.HEADER_LENGTH + (int) body;
    }

    /** Whether it carries a message, and so may be large. */
    boolean hasMessage() {
        return parts.payloadSize() > 0;
    }

    /**
     * Encodes it where it is too large for the event loop.
     *
     * @return the frame, which {@link #take} takes over, or null where it is small
     * @throws IOException where the message cannot be encoded
     */
    @Nullable
    ByteBuf encode(int frame) throws IOException {
        if (frame <= FrameWriter.ENCODED_ON_LOOP) {
            return null;
        }
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(frame, frame);
        try {
            FrameEncoder.writeRequest(out, 0, flags(), parts, timeoutNano());
            return out;
        } catch (IOException | RuntimeException | Error e) {
            out.release();
            throw e;
        }
    }

    /** Takes over {@code frame} reserved bytes, and the encoded frame if any. */
    void take(@Nullable ByteBuf whole, int frame) {
        encoded = whole;
        reserved = frame;
    }

    /**
     * Writes it.
     *
     * @throws IOException where the message cannot be encoded; nothing was written then
     */
    void write(FrameWriter writer, int id) throws IOException {
        int frame = reserved;
        ByteBuf whole = encoded;
        reserved = 0;
        encoded = null;
        if (whole != null) {
            whole.setInt(4, id);
            writer.write(whole, frame);
            return;
        }
        ByteBuf out = writer.begin(frame);
        int start = out.writerIndex();
        try {
            FrameEncoder.writeRequest(out, id, flags(), parts, timeoutNano());
        } catch (IOException | RuntimeException | Error e) {
            writer.abort(start, frame);
            throw e;
        }
    }

    /** Whether output is reserved for it. */
    boolean hasOutput() {
        return reserved > 0;
    }

    /** Gives back what it holds, if anything. */
    void giveUp() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
        if (reserved > 0) {
            budget.release(reserved);
            reserved = 0;
        }
    }

    private int flags() {
        return switch (type) {
            case UNARY -> 0;
            case SERVER_STREAMING -> Wire.REMOTE_CLOSED;
            case CLIENT_STREAMING, BIDI_STREAMING -> Wire.REMOTE_OPEN | Wire.NO_DATA;
        };
    }

    /** Never 0 or less where there is a deadline, and never longer on the wire than it was before. */
    private long timeoutNano() {
        return deadline == null ? 0 : Math.max(1, deadline.remainingNanos());
    }
}
