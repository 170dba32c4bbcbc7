package dev.ttrpc.fuzz;

import dev.ttrpc.Marshaller;
import java.nio.ByteBuffer;

/** Bytes as messages. */
final class Bytes implements Marshaller<byte[]> {
    static final Bytes INSTANCE = new Bytes();

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
