package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.UploadResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Uploads, one after the other, each of so many messages that its beginning and end do not matter. Messages are counted as the server counted
 * them, and none may be lost.
 */
final class UploadTraffic implements Traffic {
    static final int MESSAGES = 20_000;
    private static final int AT_ONCE = 1024;

    private final FrameBatch messages;
    private final ExpectedBody response;
    private int id = -1;
    private int left;
    private boolean open;
    private boolean ended = true;
    private boolean stopped;
    private long counted;

    UploadTraffic(int payloadSize) {
        this.messages = new FrameBatch(Messages.data(0, Messages.echo(payloadSize)), AT_ONCE);
        this.response = new ExpectedBody(Messages.responseBody(
                UploadResponse.newBuilder().setMessages(MESSAGES).build()));
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (!open) {
            return stopped ? null : openNext();
        }
        if (left > 0) {
            int count = Math.min(left, messages.capacity());
            left -= count;
            return messages.first(count);
        }
        if (!ended) {
            ended = true;
            return Messages.end(id);
        }
        return null;
    }

    private ByteBuffer openNext() {
        id += 2;
        open = true;
        ended = false;
        left = MESSAGES;
        for (int i = 0; i < messages.capacity(); i++) {
            messages.setId(i, id);
        }
        return Messages.opening(id, BenchmarkTtrpc.UPLOAD);
    }

    @Override
    public void received(ReceivedFrame frame) throws IOException {
        frame.beThorough();
        if (frame.id() != id || !frame.isResponse() || !frame.carries(response)) {
            throw new IOException("upload " + frame.id() + " was not answered with its " + MESSAGES + " messages");
        }
        open = false;
        counted += MESSAGES;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isDone() {
        return stopped && !open;
    }

    @Override
    public long count() {
        return counted;
    }

    @Override
    public boolean isSmall() {
        return false;
    }
}
