package dev.ttrpc.verification.benchmarks.raw;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One connection of the load generator: writes what its traffic has to say and cuts what comes into frames. */
final class RawConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final Traffic traffic;
    private final ByteBuffer input;
    private @Nullable ByteBuffer output;
    private final ReceivedFrame frame;
    /** Of a frame larger than {@code input}, whose header was seen: what has not come yet. */
    private int missing;

    private RawConnection(SocketChannel channel, Traffic traffic, int readBuffer) {
        this.channel = channel;
        this.traffic = traffic;
        this.input = ByteBuffer.allocateDirect(readBuffer);
        this.frame = new ReceivedFrame(input);
    }

    static RawConnection connect(Path socket, Traffic traffic, int readBuffer) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new RawConnection(channel, traffic, readBuffer);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Writes what may be sent. False where the socket takes no more of it now. */
    boolean write() throws IOException {
        while (true) {
            ByteBuffer frames = output == null ? traffic.next() : output;
            if (frames == null) {
                return true;
            }
            channel.write(frames);
            output = frames.hasRemaining() ? frames : null;
            if (output != null && !channel.isBlocking()) {
                return false;
            }
        }
    }

    /** Reads once and hands the frames on. Only the first and the last of a read are looked at byte for byte. */
    void read() throws IOException {
        if (channel.read(input) < 0) {
            throw new IOException("the server closed the connection after " + traffic.count() + " answers");
        }
        int end = input.position();
        int at = skipLarge(end);
        boolean first = true;
        while (end - at >= ReceivedFrame.HEADER) {
            int length = input.getInt(at);
            int next = at + ReceivedFrame.HEADER + length;
            if (ReceivedFrame.HEADER + length > input.capacity()) {
                frame.readHeader(at);
                missing = next - end;
                at = end;
            } else if (next > end) {
                break;
            } else {
                frame.readHeader(at);
                if (first || end - next < ReceivedFrame.HEADER) {
                    frame.beThorough();
                }
                traffic.received(frame);
                first = false;
                at = next;
            }
        }
        input.limit(end).position(at);
        input.compact();
    }

    /** Leaves out what is still to come of a large frame, of which {@code frame} has the header. Returns where the next one begins. */
    private int skipLarge(int end) throws IOException {
        int here = Math.min(missing, end);
        missing -= here;
        if (here > 0 && missing == 0) {
            traffic.received(frame);
        }
        return here;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
