package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.EchoMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Unary calls, a number of them in flight at any time: each answer makes room for the next request. */
final class UnaryTraffic implements Traffic {
    /** What a unix socket's buffers hold in any case, in both directions. */
    private static final int SMALL = 32 * 1024;

    private final FrameBatch requests;
    private final ExpectedBody response;
    private final boolean small;
    private int owed;
    private boolean stopped;
    private int nextId = 1;
    private int underWay;
    private long idsUnderWay;
    private long answered;

    UnaryTraffic(int payloadSize, int inFlight) {
        EchoMessage message = Messages.echo(payloadSize);
        ByteBuffer request = Messages.request(BenchmarkTtrpc.ECHO, message, 0);
        this.small = inFlight * (long) request.remaining() <= SMALL;
        this.requests = new FrameBatch(request, inFlight);
        this.response = new ExpectedBody(Messages.responseBody(message));
        this.owed = inFlight;
    }

    @Override
    public @Nullable ByteBuffer next() {
        int count = Math.min(owed, requests.capacity());
        if (count == 0) {
            return null;
        }
        for (int i = 0; i < count; i++) {
            requests.setId(i, nextId);
            idsUnderWay += nextId;
            nextId += 2;
        }
        owed -= count;
        underWay += count;
        return requests.first(count);
    }

    @Override
    public void received(ReceivedFrame frame) throws IOException {
        if (!frame.isResponse() || !frame.carries(response)) {
            throw new IOException("call " + frame.id() + " was answered with something else than its payload");
        }
        idsUnderWay -= frame.id();
        underWay--;
        answered++;
        if (!stopped) {
            owed++;
        } else if (underWay == 0 && idsUnderWay != 0) {
            throw new IOException("answers came for other calls than were made");
        }
    }

    @Override
    public void stop() {
        stopped = true;
        owed = 0;
    }

    @Override
    public boolean isDone() {
        return stopped && underWay == 0;
    }

    @Override
    public long count() {
        return answered;
    }

    @Override
    public boolean isSmall() {
        return small;
    }
}
