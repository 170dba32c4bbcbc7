package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A peer that knows no rules: a socket and frames made by hand. One thread may write while another reads. */
public final class RawPeer implements AutoCloseable {
    private final SocketChannel socket;
    private @Nullable DataInputStream input;

    private RawPeer(SocketChannel socket) {
        this.socket = socket;
    }

    /** Connects to an address as a server tells it. */
    public static RawPeer connect(String address) throws IOException {
        TtrpcAddress parsed = TtrpcAddress.parse(address);
        if (parsed instanceof TtrpcAddress.Tcp tcp) {
            return new RawPeer(SocketChannel.open(new InetSocketAddress(tcp.host(), tcp.port())));
        } else if (parsed instanceof TtrpcAddress.Unix unix) {
            SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                socket.connect(UnixDomainSocketAddress.of(unix.path()));
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            return new RawPeer(socket);
        }
        throw new IllegalArgumentException("no raw peer for " + address);
    }

    /** Writes all of it, waiting for the server where it must. */
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** Writes what the socket takes at once, and says whether that was anything. */
    public boolean offer(ByteBuffer bytes) throws IOException {
        socket.configureBlocking(false);
        try {
            return socket.write(bytes) > 0;
        } finally {
            socket.configureBlocking(true);
        }
    }

    /** The next frame, or null at the end of the connection. */
    public @Nullable Received read() throws IOException {
        DataInputStream from = input();
        int length;
        try {
            length = from.readInt();
        } catch (EOFException e) {
            return null;
        }
        int id = from.readInt();
        int type = from.readUnsignedByte();
        int flags = from.readUnsignedByte();
        byte[] body = new byte[length];
        from.readFully(body);
        return new Received(id, type, flags, body);
    }

    /** Reads up to this many bytes, whatever they are, and returns how many; -1 at the end. */
    public int readSome(int bytes) throws IOException {
        return socket.read(ByteBuffer.allocate(bytes));
    }

    /** Says that nothing more will be sent. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Has the next {@link #close} reset a TCP connection instead of ending it. */
    public void resetOnClose() throws IOException {
        if (socket.getRemoteAddress() instanceof InetSocketAddress) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private DataInputStream input() {
        DataInputStream current = input;
        if (current == null) {
            InputStream stream = new BufferedInputStream(Channels.newInputStream(socket), 1 << 16);
            current = new DataInputStream(stream);
            input = current;
        }
        return current;
    }
}
