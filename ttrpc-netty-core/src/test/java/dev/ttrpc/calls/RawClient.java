package dev.ttrpc.calls;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A client that speaks bytes: it writes any frame, right or wrong, and reads what comes back. */
final class RawClient implements AutoCloseable {
    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int DATA = 3;

    static final int RC = 1;
    static final int RO = 2;
    static final int ND = 4;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawClient(TtrpcAddress address) throws IOException {
        TtrpcAddress.Tcp tcp = (TtrpcAddress.Tcp) address;
        socket = new Socket(tcp.host(), tcp.port());
        socket.setSoTimeout(30_000);
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
            byte[] status = field(body, 1);
            return status.length > 1 ? status[1] : 0;
        }

        /** For example {@code 1 Response 0 NOT_FOUND no such thing}, {@code 1 Data 0 a message}, {@code 1 Data 5}. */
        String words() {
            String head =
                    id + " " + (type == RESPONSE ? "Response" : type == DATA ? "Data" : "type " + type) + " " + flags;
            String said = text();
            if (type == RESPONSE) {
                StatusCode code = StatusCode.forValue(code());
                byte[] status = field(body, 1);
                said = status.length == 0
                        ? new String(field(body, 2), StandardCharsets.UTF_8)
                        : (code + " " + new String(field(status, 2), StandardCharsets.UTF_8)).strip();
            }
            return said.isEmpty() ? head : head + " " + said;
        }

        /** Whether its call has ended with it. */
        boolean isTerminal() {
            return type == RESPONSE || (flags & RC) != 0;
        }

        /** The last length-delimited field of a number in an encoded message whose other fields are numbers or such too. */
        private static byte[] field(byte[] message, int number) {
            byte[] found = new byte[0];
            ByteBuffer rest = ByteBuffer.wrap(message);
            while (rest.hasRemaining()) {
                int tag = (int) varint(rest);
                long value = varint(rest);
                if ((tag & 7) == 2) {
                    byte[] bytes = new byte[(int) value];
                    rest.get(bytes);
                    found = tag >>> 3 == number ? bytes : found;
                }
            }
            return found;
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = in.get();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        /** The body as text, for what stands in it. */
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    RawClient send(int id, int type, int flags, byte[] body) throws IOException {
        return bytes(RawServer.frame(id, type, flags, body));
    }

    RawClient header(int length, int id, int type, int flags) throws IOException {
        return bytes(RawServer.header(length, id, type, flags));
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

    /** The field of one pair of metadata, to stand behind a Request's other fields. */
    static byte[] metadata(String key, String value) {
        ByteArrayOutputStream pair = new ByteArrayOutputStream();
        field(pair, 1, text(key));
        field(pair, 2, text(value));
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field(field, 5, pair.toByteArray());
        return field.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
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

    /** Says that nothing more comes, and goes on reading. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the server has closed the connection, with nothing before. */
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
