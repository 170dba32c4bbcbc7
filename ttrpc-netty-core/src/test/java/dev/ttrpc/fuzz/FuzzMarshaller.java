package dev.ttrpc.fuzz;

import dev.ttrpc.Marshaller;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes as messages, whose first one may say that the marshaller is to fail. */
final class FuzzMarshaller implements Marshaller<byte[]> {
    static final FuzzMarshaller INSTANCE = new FuzzMarshaller();

    static final int NOT_PARSED = 0xff;
    static final int PARSER_FAILS = 0xfe;
    static final int NO_SIZE = 0xfd;
    static final int NOT_WRITTEN = 0xfc;
    static final int WRITTEN_SHORT = 0xfb;

    private static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static int kind(byte[] message) {
        return message.length == 0 ? 0 : message[0] & 0xff;
    }

    @Override
    public int size(byte[] message) {
        if (kind(message) == NO_SIZE) {
            throw new Intended();
        }
        return message.length;
    }

    @Override
    public void write(byte[] message, ByteBuffer target) throws IOException {
        switch (kind(message)) {
            case NOT_WRITTEN -> throw new Malformed();
            case WRITTEN_SHORT -> target.put(message, 0, message.length - 1);
            default -> target.put(message);
        }
    }

    @Override
    public byte[] parse(ByteBuffer source) throws IOException {
        byte[] message = new byte[source.remaining()];
        source.get(message);
        switch (kind(message)) {
            case NOT_PARSED -> throw new Malformed();
            case PARSER_FAILS -> throw new Intended();
            default -> {
                return message;
            }
        }
    }
}
