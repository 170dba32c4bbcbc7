package dev.ttrpc.internal.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a decoder finds, a line each. */
final class Frames implements FrameListener {
    final List<String> found = new ArrayList<>();

    @Override
    public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
        found.add(streamId + " " + type + " " + flags + " " + ByteBufUtil.hexDump(buffer, index, length));
    }

    @Override
    public void onOversizedFrame(int streamId, int type, int flags, int length) {
        found.add(streamId + " " + type + " " + flags + " oversized " + length);
    }

    @Override
    public void onBrokenLength(int length) {
        found.add("broken " + Integer.toHexString(length));
    }
}
