package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.ReceiveBudget;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a pause of reading ends: after each stall time-out of it, of the streams from which nothing was taken in that time the one that holds most fails.
 * Belongs to the event loop.
 */
public final class StallWatch {
    private final EventLoop loop;
    private final ReceiveBudget budget;
    private final long timeoutNanos;
    private final Runnable stuck;
    private @Nullable ScheduledFuture<?> timer;

    /** @param stuck runs when nothing at all was taken in a stall time-out and no stream is to blame */
    public StallWatch(EventLoop loop, ReceiveBudget budget, long timeoutNanos, Runnable stuck) {
        this.loop = loop;
        this.budget = budget;
        this.timeoutNanos = timeoutNanos;
        this.stuck = stuck;
    }

    /** Reading was paused. */
    public void start() {
        if (timer == null) {
            budget.beginLook();
            schedule();
        }
    }

    /** Reading goes on, or has ended for good. */
    public void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule() {
        timer = loop.schedule(this::look, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (!budget.isPaused()) {
            return;
        }
        boolean moved = budget.movedSinceLastLook();
        InboundQueue stalled = budget.mostStalled();
        if (stalled != null) {
            stalled.stall();
        } else if (!moved) {
            stuck.run();
        }
        if (budget.isPaused()) {
            schedule();
        }
    }
}
