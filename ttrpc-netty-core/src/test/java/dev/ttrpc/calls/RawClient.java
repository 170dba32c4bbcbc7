package dev.ttrpc.calls;

import dev.ttrpc.TtrpcAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A client that speaks bytes: it writes any frame, right or wrong, and reads what comes back. */
final class RawClient implements AutoCloseable {
    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int DATA = 3;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawClient(TtrpcAddress address) throws IOException {
        TtrpcAddress.Tcp tcp = (TtrpcAddress.Tcp) address;
        socket = new Socket(tcp.host(), tcp.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
    }

    /** A frame as it came. */
    record Frame(int id, int type, int flags, byte[] body) {
        /** For example {@code 1 RESPONSE 0 0a02...}. */
        @Override
        public String toString() {
            return id + " " + (type == RESPONSE ? "RESPONSE" : type == DATA ? "DATA" : "type " + type) + " " + flags
                    + (body.length == 0 ? "" : " " + HexFormat.of().formatHex(body));
        }

        /** The status code of a Response, 0 without one. */
        int code() {
            return body.length > 3 && body[0] == 0x0a ? body[3] : 0;
        }

        /** The body as text, for what stands in it. */
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    RawClient send(int id, int type, int flags, byte[] body) throws IOException {
        return header(body.length, id, type, flags).bytes(body);
    }

    RawClient header(int length, int id, int type, int flags) throws IOException {
        out.write(new byte[] {
            (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length,
            (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id,
            (byte) type, (byte) flags
        });
        return this;
    }

    RawClient bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    RawClient request(int id, String method, String payload) throws IOException {
        return send(id, REQUEST, 0, requestBody(Texts.SERVICE, method, payload, 0));
    }

    static byte[] requestBody(String service, String method, String payload, long timeoutNano) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        field(body, 1, service.getBytes(StandardCharsets.UTF_8));
        field(body, 2, method.getBytes(StandardCharsets.UTF_8));
        if (!payload.isEmpty()) {
            field(body, 3, payload.getBytes(StandardCharsets.UTF_8));
        }
        if (timeoutNano != 0) {
            body.write(4 << 3);
            varint(body, timeoutNano);
        }
        return body.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Frame read() throws IOException {
        int length = in.readInt();
        int id = in.readInt();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        byte[] body = new byte[length];
        in.readFully(body);
        return new Frame(id, type, flags, body);
    }

    /** Whether the server has closed the connection, with nothing before. */
    boolean isClosed() throws IOException {
        try {
            return in.read() == -1;
        } catch (EOFException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static void field(ByteArrayOutputStream out, int number, byte[] value) {
        out.write(number << 3 | 2);
        varint(out, value.length);
        out.writeBytes(value);
    }

    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
