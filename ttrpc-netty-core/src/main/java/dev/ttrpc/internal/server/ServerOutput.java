package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.FrameWriter;
import dev.ttrpc.internal.stream.SendBudget;
import io.netty.channel.Channel;

/** What one connection writes, and whether its output waits for the peer to read. Belongs to the event loop, but for the budget. */
final class ServerOutput {
    private final ServerConnection connection;
    private final Channel channel;
    private final SendBudget budget;
    private final FrameWriter writer;
    private boolean waits;

    ServerOutput(ServerConnection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
        this.budget = new SendBudget(
                connection.config().sendBudget(), waiting -> connection.queue().offer(this::check));
        this.writer = new FrameWriter(channel, budget, this::written);
    }

    SendBudget budget() {
        return budget;
    }

    FrameWriter writer() {
        return writer;
    }

    /** Writes a terminal frame that carries an error. It is short and goes at once. */
    void writeError(int id, Status status) {
        byte[] body = FrameEncoder.errorBody(status, connection.config().maxMessage());
        int frame = Wire.HEADER_LENGTH + body.length;
        budget.force(frame);
        FrameEncoder.writeError(writer.begin(frame), id, body);
    }

    /** Hands to the socket what was written. */
    void flush() {
        if (channel.isActive()) {
            writer.flush();
            connection.closeIfDrained();
        } else {
            writer.close();
        }
    }

    /** Looks whether output waits, and tells the connection where that has changed. */
    void check() {
        boolean now =
                budget.isWaited() || budget.reserved() >= connection.config().sendBudget();
        if (now != waits && !connection.isClosing()) {
            waits = now;
            connection.onOutputWaits(now);
        }
    }

    /** Whether everything has left for the socket and was taken by it. */
    boolean isEmpty() {
        return writer.isFlushed() && budget.reserved() == 0;
    }

    /** Throws away what was not handed over. */
    void close() {
        writer.close();
    }

    private void written() {
        check();
        connection.closeIfDrained();
    }
}
