package dev.ttrpc.verification.interop.containerd;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One unary call, written byte by byte on a connection of its own: what a client would do by itself at the deadline does not hide what the server does. */
final class RawCall implements AutoCloseable {
    private static final int STREAM = 1;
    private static final byte REQUEST = 1;

    private final SocketChannel connection;

    private RawCall(SocketChannel connection) {
        this.connection = connection;
    }

    /** @param address {@code unix://path} */
    static RawCall start(String address, String service, String method, ByteString payload, Duration deadline)
            throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CodedOutputStream request = CodedOutputStream.newInstance(body);
        request.writeString(1, service);
        request.writeString(2, method);
        request.writeBytes(3, payload);
        request.writeInt64(4, deadline.toNanos());
        request.flush();
        ByteBuffer frame = ByteBuffer.allocate(10 + body.size())
                .putInt(body.size())
                .putInt(STREAM)
                .put(REQUEST)
                .put((byte) 0)
                .put(body.toByteArray())
                .flip();
        SocketChannel connection =
                SocketChannel.open(UnixDomainSocketAddress.of(address.substring("unix://".length())));
        while (frame.hasRemaining()) {
            connection.write(frame);
        }
        return new RawCall(connection);
    }

    /** Whether anything comes back in time; a connection that ends does not count. */
    boolean isAnsweredWithin(Duration limit) throws IOException {
        connection.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            connection.register(selector, SelectionKey.OP_READ);
            return selector.select(limit.toMillis()) > 0 && connection.read(ByteBuffer.allocate(1)) > 0;
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
