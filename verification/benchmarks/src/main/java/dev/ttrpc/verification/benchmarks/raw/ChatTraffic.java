package dev.ttrpc.verification.benchmarks.raw;

import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.EchoMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A number of chats that stay open, in each of which a message goes there and back again and again. Messages that came back are counted. */
final class ChatTraffic implements Traffic {
    private final FrameBatch messages;
    private final ExpectedBody message;
    /** Streams whose turn it is to send; the first {@code turns} of them. */
    private final int[] turn;

    private final int chats;
    private int turns;
    private int open;
    private boolean begun;
    private boolean stopped;
    private boolean ended;
    private long returned;

    ChatTraffic(int payloadSize, int chats) {
        EchoMessage echo = Messages.echo(payloadSize);
        this.chats = chats;
        this.messages = new FrameBatch(Messages.data(0, echo), chats);
        this.message = new ExpectedBody(echo.toByteArray());
        this.turn = new int[chats];
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (!begun) {
            return openAll();
        }
        if (stopped) {
            return turns == chats && !ended ? endAll() : null;
        }
        int count = Math.min(turns, messages.capacity());
        if (count == 0) {
            return null;
        }
        for (int i = 0; i < count; i++) {
            messages.setId(i, turn[--turns]);
        }
        return messages.first(count);
    }

    private ByteBuffer openAll() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < chats; i++) {
            turn[turns++] = 2 * i + 1;
            frames.writeBytes(Messages.opening(2 * i + 1, BenchmarkTtrpc.CHAT).array());
        }
        begun = true;
        open = chats;
        return ByteBuffer.wrap(frames.toByteArray());
    }

    private ByteBuffer endAll() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < chats; i++) {
            frames.writeBytes(Messages.end(2 * i + 1).array());
        }
        ended = true;
        return ByteBuffer.wrap(frames.toByteArray());
    }

    @Override
    public void received(ReceivedFrame frame) throws IOException {
        if (ended && frame.isLast()) {
            open--;
            return;
        }
        if (!frame.isMessage() || !frame.carries(message)) {
            throw new IOException("chat " + frame.id() + " sent something else back than its message");
        }
        turn[turns++] = frame.id();
        returned++;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isDone() {
        return ended && open == 0;
    }

    @Override
    public long count() {
        return returned;
    }

    @Override
    public boolean isSmall() {
        return true;
    }
}
