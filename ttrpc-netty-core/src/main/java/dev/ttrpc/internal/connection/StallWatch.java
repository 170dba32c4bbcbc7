package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.stream.ReceiveBudget;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a pause of reading ends: after each stall time-out of it, of the streams from which nothing was taken in that time the one that holds most fails,
 * and those after it too while all connections wait for what this one holds. Where others alone brought the pause about, none fails. Belongs to the event loop.
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
        if (budget.spare()) {
            budget.beginLook();
        } else {
            failStalled();
        }
        if (budget.isPaused()) {
            schedule();
        }
    }

    private void failStalled() {
        boolean moved = budget.movedSinceLastLook();
        long surplus = budget.surplus();
        List<ReceiveBudget.Stalled> stalled = budget.stalled();
        for (ReceiveBudget.Stalled one : stalled) {
            surplus -= one.held();
            one.queue().stall();
            if (surplus <= 0) {
                return;
            }
        }
        if (stalled.isEmpty() && !moved) {
            stuck.run();
        }
    }
}
