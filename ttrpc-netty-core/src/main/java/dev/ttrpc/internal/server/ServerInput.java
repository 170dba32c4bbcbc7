package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.internal.connection.FrameReader;
import dev.ttrpc.internal.connection.StallWatch;
import dev.ttrpc.internal.server.ServerCounters.Event;
import dev.ttrpc.internal.stream.ReceiveBudget;
import io.netty.channel.EventLoop;

/** What one connection holds received and not yet taken: pauses reading above the budget, and sees to it that the pause ends. Belongs to the event loop, but for the budget. */
final class ServerInput {
    private final StreamRegistry streams;
    private final FrameReader reader;
    private final String stallTimeout;
    private final ReceiveBudget budget;
    private final StallWatch stallWatch;

    ServerInput(ServerConnection connection, FrameReader reader) {
        ServerConfig config = connection.config();
        EventLoop loop = connection.queue().loop();
        this.streams = connection.streams();
        this.reader = reader;
        this.stallTimeout = connection.stallTimeout();
        this.budget = new ReceiveBudget(
                config.receiveBudget(),
                connection.sharedReceiveBudget(),
                () -> connection.queue().offer(this::pauseIfOverBudget),
                () -> connection.queue().offer(this::resume));
        this.stallWatch = new StallWatch(loop, budget, config.stallNanos(), this::failWaiting);
    }

    ReceiveBudget budget() {
        return budget;
    }

    void pauseIfOverBudget() {
        if (budget.pauseIfOver()) {
            reader.pause(FrameReader.Pause.RECEIVE_BUDGET, true);
            stallWatch.start();
        }
    }

    private void resume() {
        if (!budget.isPaused()) {
            stallWatch.stop();
            reader.pause(FrameReader.Pause.RECEIVE_BUDGET, false);
        }
    }

    /** Calls that wait for a thread fail, the largest first, where the calls that have the threads wait for input that is not read because of them. */
    private void failWaiting() {
        boolean starving = false;
        ServerStream<?, ?> largest = null;
        for (ServerStream<?, ?> stream : streams.all()) {
            starving |= stream.waitsForInput();
            int held = stream.call().waitingBytes();
            if (held > 0 && (largest == null || held > largest.call().waitingBytes())) {
                largest = stream;
            }
        }
        if (starving && largest != null) {
            largest.endWith(
                    Status.RESOURCE_EXHAUSTED.withDescription("call stalled: no thread took it for " + stallTimeout),
                    Event.CALL_STALLED);
        }
    }

    /** Nothing more comes. */
    void close() {
        stallWatch.stop();
        budget.close();
    }
}
