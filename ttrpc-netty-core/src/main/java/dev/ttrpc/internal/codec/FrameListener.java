package dev.ttrpc.internal.codec;

import io.netty.buffer.ByteBuf;

/** Takes what {@link FrameDecoder} finds, on the event loop. */
public interface FrameListener {
    /**
     * A whole frame. Borrows the buffer: its body is the {@code length} bytes from {@code index}, and the buffer's own indices mean nothing.
     */
    void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length);

    /** A frame over the limit, whose body was thrown away as it came. */
    void onOversizedFrame(int streamId, int type, int flags, int length);

    /** A length whose first byte is not 0: the connection is out of step and nothing more of it is read. */
    void onBrokenLength(int length);
}
