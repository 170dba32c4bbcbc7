package dev.ttrpc.testing;

import dev.ttrpc.Marshaller;
import java.nio.ByteBuffer;

/** Bytes as messages. */
public final class Bytes implements Marshaller<byte[]> {
    public static final Bytes INSTANCE = new Bytes();

    private Bytes() {}

    @Override
    public int size(byte[] message) {
        return message.length;
    }

    @Override
    public void write(byte[] message, ByteBuffer target) {
        target.put(message);
    }

    @Override
    public byte[] parse(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        return bytes;
    }
}
