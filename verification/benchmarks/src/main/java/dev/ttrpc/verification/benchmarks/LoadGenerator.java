package dev.ttrpc.verification.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Keeps a number of unary calls in flight on one connection and counts the answers. It speaks frames and not ttrpc: one thread, blocking
 * reads and writes, one write for all calls that one read has freed. So what it costs is little, and the same whoever serves.
 */
final class LoadGenerator {
    private static final int READ_BUFFER = 256 * 1024;

    private final EchoFrames frames;

    LoadGenerator(int payloadSize) {
        this.frames = new EchoFrames(payloadSize);
    }

    /** Runs one closed loop for {@code duration} and waits for the answers that are still under way then. */
    LoadResult run(Path socket, int inFlight, Duration duration) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Loop(channel, inFlight).run(duration.toNanos());
        }
    }

    private final class Loop {
        private final SocketChannel channel;
        private final int inFlight;
        private final ByteBuffer output;
        private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BUFFER);
        private final RoundTrips roundTrips = new RoundTrips();
        private int nextId = 1;
        private long calls;
        private long idsOutstanding;

        Loop(SocketChannel channel, int inFlight) {
            this.channel = channel;
            this.inFlight = inFlight;
            this.output = ByteBuffer.allocateDirect(inFlight * frames.requestSize());
        }

        LoadResult run(long nanos) throws IOException {
            long start = System.nanoTime();
            long now = start;
            int underWay = send(inFlight);
            while (underWay > 0) {
                int answered = receive();
                long then = System.nanoTime();
                if (inFlight == 1 && answered == 1) {
                    roundTrips.add(then - now);
                }
                now = then;
                underWay -= answered;
                if (answered > 0 && now - start < nanos) {
                    underWay += send(answered);
                }
            }
            if (idsOutstanding != 0) {
                throw new IOException("answers came for other calls than were made");
            }
            return new LoadResult(calls, now - start, roundTrips.atShare(0.50), roundTrips.atShare(0.99));
        }

        private int send(int count) throws IOException {
            output.clear();
            for (int i = 0; i < count; i++) {
                frames.putRequest(output, nextId);
                idsOutstanding += nextId;
                nextId += 2;
            }
            output.flip();
            while (output.hasRemaining()) {
                channel.write(output);
            }
            return count;
        }

        /** Reads once and takes the whole frames. Every answer is checked by its length, every first and last of a read by its bytes. */
        private int receive() throws IOException {
            if (channel.read(input) < 0) {
                throw new IOException("the server closed the connection after " + calls + " calls");
            }
            int size = frames.responseSize();
            int whole = input.position() / size;
            for (int i = 0; i < whole; i++) {
                int start = i * size;
                boolean right =
                        i == 0 || i == whole - 1 ? frames.isEcho(input, start) : frames.isResponse(input, start);
                if (!right) {
                    throw new IOException("call " + (calls + i) + " was answered with something else than its payload");
                }
                idsOutstanding -= input.getInt(start + 4);
            }
            input.limit(input.position()).position(whole * size);
            input.compact();
            calls += whole;
            return whole;
        }
    }
}
