package dev.ttrpc.calls;

import dev.ttrpc.TtrpcAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that speaks bytes, for tests of clients: it takes one connection after the other, reads frames, and writes any frame, right or wrong. It does nothing by
 * itself: it reads, answers and accepts when told to, so a server that never reads or never accepts is one that is not told. For one thread at a time, each connection
 * for itself.
 */
final class RawServer implements AutoCloseable {
    private static final int WAIT_MILLIS = 30_000;
    private static final int BUFFER = 64 << 10;
    private static final int UNANSWERED_MILLIS = 100;

    private final ServerSocket listener;
    private final List<Socket> sockets = new ArrayList<>();

    /** Listens at a port of the system's choice. */
    RawServer() throws IOException {
        this(0, 50);
    }

    private RawServer(int port, int backlog) throws IOException {
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.setReceiveBufferSize(BUFFER); // fixed, so that a client soon notices that nobody reads
        listener.setSoTimeout(WAIT_MILLIS);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
    }

    /** Listens where another one did that is closed. */
    static RawServer at(TtrpcAddress address) throws IOException {
        return new RawServer(((TtrpcAddress.Tcp) address).port(), 50);
    }

    /** One whose backlog is full: attempts to connect get no answer. */
    static RawServer unreachable() throws IOException {
        RawServer server = new RawServer(0, 1);
        try {
            while (true) {
                Socket filler = new Socket();
                server.sockets.add(filler);
                filler.connect(server.listener.getLocalSocketAddress(), UNANSWERED_MILLIS);
            }
        } catch (SocketTimeoutException full) {
            return server;
        }
    }

    TtrpcAddress address() {
        return TtrpcAddress.parse("tcp://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next connection of a client. */
    Connection accept() throws IOException {
        Socket socket = listener.accept();
        sockets.add(socket);
        socket.setSoTimeout(WAIT_MILLIS);
        socket.setTcpNoDelay(true);
        return new Connection(socket);
    }

    /** Whether no client has connected since the last {@link #accept}. */
    boolean hasNoNewConnection() throws IOException {
        listener.setSoTimeout(1);
        try {
            sockets.add(listener.accept());
            return false;
        } catch (SocketTimeoutException none) {
            return true;
        } finally {
            listener.setSoTimeout(WAIT_MILLIS);
        }
    }

    /** Refuses connections from here on; those there are go on. */
    void stopListening() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection, as the server has it. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final DataInputStream in;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        }

        /** The next frame of the client. */
        RawClient.Frame read() throws IOException {
            int length = in.readInt();
            int id = in.readInt();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            return new RawClient.Frame(id, type, flags, readBytes(length));
        }

        /** The next bytes, wherever frames begin. */
        byte[] readBytes(int count) throws IOException {
            byte[] bytes = new byte[count];
            in.readFully(bytes);
            return bytes;
        }

        /** Everything up to the client's end of the connection. */
        byte[] readToEnd() throws IOException {
            return in.readAllBytes();
        }

        /** How many bytes have come and were not read. */
        int unread() throws IOException {
            return in.available();
        }

        Connection send(int id, int type, int flags, byte[] body) throws IOException {
            return bytes(frame(id, type, flags, body));
        }

        Connection bytes(byte[] bytes) throws IOException {
            out.write(bytes);
            return this;
        }

        /** An OK Response with a message. */
        Connection answer(int id, String message) throws IOException {
            return send(id, RawClient.RESPONSE, 0, responseBody(0, "", message));
        }

        /** A Response with a status and nothing else. */
        Connection fail(int id, int code, String text) throws IOException {
            return send(id, RawClient.RESPONSE, 0, responseBody(code, text, ""));
        }

        Connection data(int id, String message) throws IOException {
            return send(id, RawClient.DATA, 0, RawClient.text(message));
        }

        /** The good end of a stream. */
        Connection end(int id) throws IOException {
            return send(id, RawClient.DATA, 5, new byte[0]);
        }

        /** Says that nothing more comes, and goes on reading. */
        void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Closes with a reset, by which also what the client has not read yet may be lost. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Whether the client closes the connection, with nothing before. Waits for it. */
        boolean isClosed() throws IOException {
            try {
                return in.read() == -1;
            } catch (EOFException | SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A whole frame as bytes. */
    static byte[] frame(int id, int type, int flags, byte[] body) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(10 + body.length);
        frame.writeBytes(header(body.length, id, type, flags));
        frame.writeBytes(body);
        return frame.toByteArray();
    }

    /** Ten bytes that announce {@code length} more. */
    static byte[] header(int length, int id, int type, int flags) {
        return new byte[] {
            (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length,
            (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id,
            (byte) type, (byte) flags
        };
    }

    /**
     * The body of a Response.
     *
     * @param code 0 for a Response without a status
     * @param message empty for none
     */
    static byte[] responseBody(int code, String text, String message) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (code != 0) {
            ByteArrayOutputStream status = new ByteArrayOutputStream();
            status.write(1 << 3);
            RawClient.varint(status, code);
            RawClient.field(status, 2, RawClient.text(text));
            RawClient.field(body, 1, status.toByteArray());
        }
        if (!message.isEmpty()) {
            RawClient.field(body, 2, RawClient.text(message));
        }
        return body.toByteArray();
    }
}
