package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.DownloadRequest;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Downloads, a number of them at any time, each of so many messages that its beginning and end do not matter. Messages are counted. */
final class DownloadTraffic implements Traffic {
    static final int MESSAGES = 20_000;

    private final FrameBatch request;
    private final ExpectedBody message;
    private final Map<Integer, int[]> streams = new HashMap<>();
    private int owed;
    private boolean stopped;
    private int nextId = 1;
    private int lastId;
    private int[] lastCount = new int[1];
    private long received;

    DownloadTraffic(int payloadSize, int streams) {
        DownloadRequest wanted = DownloadRequest.newBuilder()
                .setCount(MESSAGES)
                .setSize(payloadSize)
                .build();
        this.request = new FrameBatch(Messages.request(BenchmarkTtrpc.DOWNLOAD, wanted, RawFrames.REMOTE_CLOSED), 1);
        this.message = new ExpectedBody(Messages.echo(payloadSize).toByteArray());
        this.owed = streams;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (owed == 0) {
            return null;
        }
        owed--;
        request.setId(0, nextId);
        streams.put(nextId, new int[1]);
        nextId += 2;
        return request.first(1);
    }

    @Override
    public void received(ReceivedFrame frame) throws IOException {
        int id = frame.id();
        int[] count = counted(id);
        if (frame.isMessage()) {
            if (!frame.carries(message)) {
                throw new IOException("a message of stream " + id + " is not what was asked for");
            }
            count[0]++;
            received++;
        }
        if (frame.isLast()) {
            if (count[0] != MESSAGES) {
                throw new IOException("stream " + id + " brought " + count[0] + " messages of " + MESSAGES);
            }
            streams.remove(id);
            lastId = 0;
            if (!stopped) {
                owed++;
            }
        }
    }

    private int[] counted(int id) throws IOException {
        if (id != lastId) {
            int[] count = streams.get(id);
            if (count == null) {
                throw new IOException("a frame came for stream " + id + ", which is not open");
            }
            lastId = id;
            lastCount = count;
        }
        return lastCount;
    }

    @Override
    public void stop() {
        stopped = true;
        owed = 0;
    }

    @Override
    public boolean isDone() {
        return stopped && streams.isEmpty();
    }

    @Override
    public long count() {
        return received;
    }

    @Override
    public boolean isSmall() {
        return true;
    }
}
