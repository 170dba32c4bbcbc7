package dev.ttrpc.internal.executor;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers on an executor that is not ours: virtual threads, or the user's. It decides about threads and order; here are
 * the limit, the counts and the pauses.
 *
 * <p>A task that is dropped leaves its place in the limit only when the executor has come to it, because until then it
 * takes room in the executor's queue: else peers that connect, call and hang up could fill that without bound.
 */
final class SuppliedExecutor implements HandlerExecutor {
    private static final Logger log = LoggerFactory.getLogger(SuppliedExecutor.class);

    private static final HandlerTask DROPPED = new Mark();
    private static final HandlerTask FINISHED = new Mark();

    private final Executor executor;
    private final BoundedCount queued;
    private final AtomicInteger running = new AtomicInteger();
    /** Set by any thread, read by the event loops. */
    private volatile boolean closed;

    SuppliedExecutor(Executor executor, int maxQueued) {
        if (maxQueued < 1) {
            throw new IllegalArgumentException("There must be room for one task, not " + maxQueued);
        }
        this.executor = executor;
        this.queued = new BoundedCount(maxQueued);
    }

    @Override
    public Lane newLane() {
        return new SuppliedLane();
    }

    @Override
    public int running() {
        return running.get();
    }

    @Override
    public int queued() {
        return queued.get();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class SuppliedLane implements Lane {
        /** Neither begun nor dropped. */
        private final Set<Handover> waiting = ConcurrentHashMap.newKeySet();
        /** Those of them that are not with the executor, because of a pause. */
        private final Queue<Handover> keptBack = new ConcurrentLinkedQueue<>();
        /** Set by any thread, read by the executor's and the event loop. */
        private volatile boolean paused;
        /** Set by any thread, read by the event loop. */
        private volatile boolean closed;

        @Override
        public boolean submit(HandlerTask task) {
            if (closed) {
                Guarded.drop(task);
                return true;
            }
            if (SuppliedExecutor.this.closed || !queued.tryIncrement()) {
                return false;
            }
            Handover handover = new Handover(this, task);
            waiting.add(handover);
            if (closed) {
                handover.drop();
                handover.finish();
                return true;
            }
            if (paused) {
                keepBack(handover);
                return true;
            }
            return handOver(handover) == null;
        }

        /** Nothing: each task went to the executor when it was submitted. */
        @Override
        public void flush() {}

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
            releaseKeptBack();
        }

        @Override
        public int queued() {
            return waiting.size();
        }

        @Override
        public void close() {
            closed = true;
            waiting.forEach(Handover::drop);
            releaseKeptBack();
        }

        /** A pause may end, or the lane be closed, while the task is put aside: so look again. */
        private void keepBack(Handover handover) {
            keptBack.add(handover);
            if (!paused || closed) {
                releaseKeptBack();
            }
        }

        private void releaseKeptBack() {
            for (Handover handover = keptBack.poll(); handover != null; handover = keptBack.poll()) {
                HandlerTask refused = closed ? handover.finish() : handOver(handover);
                if (refused != null) {
                    Guarded.drop(refused);
                }
            }
        }

        /** Null, or the task that the executor refused. */
        private @Nullable HandlerTask handOver(Handover handover) {
            try {
                executor.execute(handover);
                return null;
            } catch (RejectedExecutionException e) {
                log.debug("The executor refused a task", e);
            } catch (Throwable e) {
                log.error("The executor failed to take a task", e);
            }
            return handover.finish();
        }
    }

    /** One task on its way through the executor. Waits, then is dropped or not, then is finished. */
    private final class Handover implements Runnable {
        private final SuppliedLane lane;
        private final AtomicReference<HandlerTask> state;

        Handover(SuppliedLane lane, HandlerTask task) {
            this.lane = lane;
            this.state = new AtomicReference<>(task);
        }

        @Override
        public void run() {
            if (lane.paused && !lane.closed) {
                lane.keepBack(this);
                return;
            }
            HandlerTask task = finish(running);
            if (task != null) {
                Guarded.run(task);
                running.decrementAndGet();
            }
        }

        void drop() {
            HandlerTask task = state.getAndUpdate(current -> current == FINISHED ? FINISHED : DROPPED);
            if (task != DROPPED && task != FINISHED) {
                lane.waiting.remove(this);
                Guarded.drop(task);
            }
        }

        /** The task, for the one who takes it back; null when it was dropped, or is run. */
        @Nullable
        HandlerTask finish() {
            return finish(null);
        }

        /** Also counts the task elsewhere before it stops counting as queued. */
        private @Nullable HandlerTask finish(@Nullable AtomicInteger nextCount) {
            HandlerTask task = state.getAndSet(FINISHED);
            if (task == FINISHED) {
                return null;
            }
            boolean live = task != DROPPED;
            if (live) {
                lane.waiting.remove(this);
                if (nextCount != null) {
                    nextCount.incrementAndGet();
                }
            }
            queued.decrement();
            return live ? task : null;
        }
    }

    /** A state that is not a task. */
    private static final class Mark implements HandlerTask {
        @Override
        public void run() {}

        @Override
        public void dropped() {}

        @Override
        public String name() {
            return "";
        }
    }
}
