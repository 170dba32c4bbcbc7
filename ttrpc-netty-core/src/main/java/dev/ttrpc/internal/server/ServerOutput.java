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
        this.budget = new SendBudget(connection.config().sendBudget(), this::onWaiting);
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

    /** No call is started from here on, not only when the event loop comes to it: fast handlers would begin all that are queued meanwhile. Any thread. */
    private void onWaiting(boolean waiting) {
        if (waiting) {
            connection.holdCalls();
        }
        connection.queue().offer(this::check); // behind the pause, so that none is left that nobody ends
    }

    /** Looks whether output waits, and tells the connection. */
    void check() {
        if (connection.isClosing()) {
            return;
        }
        boolean now = isHeld();
        if (now != waits) {
            waits = now;
            connection.onOutputWaits(now);
        } else if (!now) {
            connection.releaseCalls(); // of a wait that was over before the event loop saw it
        }
        if (!now && isHeld()) {
            connection.holdCalls(); // by whoever began to wait meanwhile, and has the event loop look again
        }
    }

    private boolean isHeld() {
        return budget.isWaited() || budget.reserved() >= connection.config().sendBudget();
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
