package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.verification.benchmarks.Caller;
import dev.ttrpc.verification.benchmarks.LoadResult;
import dev.ttrpc.verification.benchmarks.RoundTrips;
import dev.ttrpc.verification.benchmarks.Work;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The load generator. It speaks frames and not ttrpc: one thread, one write for all calls that one read has freed. One connection whose frames fit
 * into the socket's buffers is read and written by blocking; several, or larger frames, by a selector.
 */
public final class RawCaller implements Caller {
    private static final int READ_BUFFER = 256 * 1024;
    private static final int READ_BUFFER_OF_MANY = 16 * 1024;
    private static final int MANY = 16;

    @Override
    public LoadResult run(Work work, Path socket, Duration duration) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        try {
            int buffer = work.connections() > MANY ? READ_BUFFER_OF_MANY : READ_BUFFER;
            for (int i = 0; i < work.connections(); i++) {
                connections.add(RawConnection.connect(socket, traffic(work, i), buffer));
            }
            RawConnection first = connections.get(0);
            RoundTrips roundTrips = new RoundTrips();
            long start = System.nanoTime();
            if (connections.size() == 1 && first.traffic().isSmall()) {
                block(first, start + duration.toNanos(), roundTrips, work.isSequential());
            } else {
                select(connections, start + duration.toNanos());
            }
            long nanos = System.nanoTime() - start;
            long count = connections.stream()
                    .mapToLong(connection -> connection.traffic().count())
                    .sum();
            return new LoadResult(count, nanos, roundTrips.atShare(0.50), roundTrips.atShare(0.99));
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    private static Traffic traffic(Work work, int connection) {
        int share = work.share(connection);
        return switch (work.kind()) {
            case UNARY -> new UnaryTraffic(work.payload(), share);
            case DOWNLOAD -> new DownloadTraffic(work.payload(), share);
            case UPLOAD -> new UploadTraffic(work.payload());
            case CHAT -> new ChatTraffic(work.payload(), share);
        };
    }

    private static void block(RawConnection connection, long end, RoundTrips roundTrips, boolean timed)
            throws IOException {
        Traffic traffic = connection.traffic();
        boolean stopped = false;
        long before = System.nanoTime();
        while (!traffic.isDone()) {
            connection.write();
            long answered = traffic.count();
            connection.read();
            long now = System.nanoTime();
            if (timed && traffic.count() > answered) {
                roundTrips.add(now - before);
                before = now;
            }
            if (!stopped && now >= end) {
                traffic.stop();
                stopped = true;
                connection.write();
            }
        }
    }

    private static void select(List<RawConnection> connections, long end) throws IOException {
        try (Selector selector = Selector.open()) {
            for (RawConnection connection : connections) {
                connection.channel().configureBlocking(false);
                SelectionKey key = connection.channel().register(selector, 0, connection);
                write(key);
            }
            int open = connections.size();
            boolean stopped = false;
            while (open > 0) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    RawConnection connection = (RawConnection) key.attachment();
                    if (key.isReadable()) {
                        connection.read();
                    }
                    write(key);
                    if (connection.traffic().isDone()) {
                        key.cancel();
                        open--;
                    }
                }
                selector.selectedKeys().clear();
                if (!stopped && System.nanoTime() >= end) {
                    stopped = true;
                    open = stop(selector, connections);
                }
            }
        }
    }

    /** Returns how many connections still have something under way. */
    private static int stop(Selector selector, List<RawConnection> connections) throws IOException {
        int open = 0;
        for (RawConnection connection : connections) {
            SelectionKey key = connection.channel().keyFor(selector);
            if (key != null && key.isValid()) {
                connection.traffic().stop();
                write(key);
                if (connection.traffic().isDone()) {
                    key.cancel();
                } else {
                    open++;
                }
            }
        }
        return open;
    }

    private static void write(SelectionKey key) throws IOException {
        boolean all = ((RawConnection) key.attachment()).write();
        int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }
}
