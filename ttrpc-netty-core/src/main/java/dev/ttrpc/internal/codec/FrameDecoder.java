package dev.ttrpc.internal.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in what a connection reads. Frames that lie whole in a read buffer are passed on where they lie; others are put together in a
 * buffer that grows with what has arrived, so a length that is announced and not sent costs nothing. Belongs to one event loop.
 */
public final class FrameDecoder {
    /** Read buffers, and the first size of a frame under way. */
    static final int CHUNK = 64 << 10;

    private final int maxMessage;
    private final FrameListener listener;

    private final byte[] header = new byte[Wire.HEADER_LENGTH];
    private int headerFill;
    private int streamId;
    private int type;
    private int flags;
    private int length;
    private @Nullable ByteBuf body;
    private int toDiscard;
    private boolean broken;

    public FrameDecoder(int maxMessage, FrameListener listener) {
        this.maxMessage = maxMessage;
        this.listener = listener;
    }

    /** Takes everything out of {@code input}, which it borrows. */
    public void decode(ByteBuf input, ByteBufAllocator allocator) {
        while (input.isReadable() && !broken) {
            if (toDiscard > 0) {
                discard(input);
            } else if (body != null) {
                fill(input, body);
            } else if (headerFill == 0 && input.readableBytes() >= Wire.HEADER_LENGTH) {
                int at = input.readerIndex();
                input.skipBytes(Wire.HEADER_LENGTH);
                begin(
                        input.getInt(at),
                        input.getInt(at + 4),
                        input.getUnsignedByte(at + 8),
                        input.getUnsignedByte(at + 9),
                        input,
                        allocator);
            } else {
                int take = Math.min(Wire.HEADER_LENGTH - headerFill, input.readableBytes());
                input.readBytes(header, headerFill, take);
                headerFill += take;
                if (headerFill == Wire.HEADER_LENGTH) {
                    headerFill = 0;
                    begin(intAt(0), intAt(4), header[8] & 0xff, header[9] & 0xff, input, allocator);
                }
            }
        }
    }

    /** How many bytes the body under way still lacks; 0 between frames, in a header, and while discarding. */
    public int missing() {
        return body == null ? 0 : length - body.readableBytes();
    }

    /** Lets go of a frame under way. */
    public void close() {
        broken = true;
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private void begin(int length, int streamId, int type, int flags, ByteBuf input, ByteBufAllocator allocator) {
        this.length = length;
        this.streamId = streamId;
        this.type = type;
        this.flags = flags;
        if (length >>> 24 != 0) {
            broken = true;
            listener.onBrokenLength(length);
        } else if (length > maxMessage) {
            toDiscard = length;
        } else if (input.readableBytes() >= length) {
            int index = input.readerIndex();
            input.skipBytes(length);
            listener.onFrame(streamId, type, flags, input, index, length);
        } else {
            body = allocator.buffer(Math.min(length, Math.max(CHUNK, 2 * input.readableBytes())), length);
        }
    }

    private void fill(ByteBuf input, ByteBuf body) {
        int take = Math.min(length - body.readableBytes(), input.readableBytes());
        if (body.writableBytes() < take) {
            body.capacity(Math.min(length, Math.max(body.readableBytes() + take, 4 * body.capacity())));
        }
        body.writeBytes(input, take);
        if (body.readableBytes() == length) {
            this.body = null;
            try {
                listener.onFrame(streamId, type, flags, body, body.readerIndex(), length);
            } finally {
                body.release();
            }
        }
    }

    private void discard(ByteBuf input) {
        int skip = Math.min(toDiscard, input.readableBytes());
        input.skipBytes(skip);
        toDiscard -= skip;
        if (toDiscard == 0) {
            listener.onOversizedFrame(streamId, type, flags, length);
        }
    }

    private int intAt(int index) {
        return header[index] << 24
                | (header[index + 1] & 0xff) << 16
                | (header[index + 2] & 0xff) << 8
                | (header[index + 3] & 0xff);
    }
}
