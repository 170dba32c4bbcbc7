package dev.ttrpc.verification.interop.call;

import dev.ttrpc.Marshaller;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Messages that are bytes as they stand on the wire, where a case wants what no message class would do. */
enum RawMarshaller implements Marshaller<byte[]> {
    /** Writes any bytes as a message. */
    WRITING {
        @Override
        public byte[] parse(ByteBuffer source) {
            byte[] message = new byte[source.remaining()];
            source.get(message);
            return message;
        }
    },
    /** Takes no bytes for a message. */
    REFUSING {
        @Override
        public byte[] parse(ByteBuffer source) throws IOException {
            throw new IOException("refused on purpose");
        }
    };

    @Override
    public int size(byte[] message) {
        return message.length;
    }

    @Override
    public void write(byte[] message, ByteBuffer target) {
        target.put(message);
    }
}
