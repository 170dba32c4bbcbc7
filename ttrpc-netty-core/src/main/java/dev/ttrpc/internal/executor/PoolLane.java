package dev.ttrpc.internal.executor;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import dev.ttrpc.internal.executor.HandlerExecutor.Lane;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's queue in a {@link HandlerPool}.
 *
 * <p>A lane has at most one <i>turn</i>: it is {@code listed} while the turn lies in the pool's queue of turns or is in the
 * hands of the thread that took it from there. So tasks leave in order, and lanes alternate. A turn is given up only when
 * the lane has nothing to begin; whoever gives it up looks once more afterwards, because a flush or a resume that came
 * before saw the lane listed and relied on that.
 */
final class PoolLane implements Lane {
    private final HandlerPool pool;
    private final Queue<HandlerTask> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean listed = new AtomicBoolean();
    /** Set by any thread, read by the pool's. */
    private volatile boolean paused;
    /** Set by any thread, read by the event loop. */
    private volatile boolean closed;

    PoolLane(HandlerPool pool) {
        this.pool = pool;
    }

    @Override
    public boolean submit(HandlerTask task) {
        if (closed) {
            Guarded.drop(task);
            return true;
        }
        if (!pool.reservePlace()) {
            return false;
        }
        queued.incrementAndGet();
        tasks.add(task);
        if (closed) {
            dropAll();
        }
        return true;
    }

    @Override
    public void flush() {
        enlist();
        pool.callOne();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        enlist();
        pool.callOne();
    }

    @Override
    public int queued() {
        return queued.get();
    }

    /** A submit that overlaps either sees {@code closed} after it has added its task, or its task is seen here. */
    @Override
    public void close() {
        closed = true;
        dropAll();
        if (listed.get()
                && pool.removeTurn(this)) { // while all threads wait nobody would, and dead lanes would pile up
            listed.set(false);
        }
    }

    /**
     * The next task, or null when there is none to begin. Only for the thread that holds this lane's turn, which it loses:
     * the turn goes to the end of the pool's queue, or is given up.
     */
    @Nullable
    HandlerTask takeAndPassTurn() {
        HandlerTask task = paused ? null : tasks.poll();
        if (task != null) {
            queued.decrementAndGet();
        }
        if (canBegin()) {
            pool.addTurn(this);
        } else {
            listed.set(false);
            enlist();
        }
        return task;
    }

    private void enlist() {
        if (canBegin() && listed.compareAndSet(false, true)) {
            pool.addTurn(this);
        }
    }

    private boolean canBegin() {
        return !paused && !tasks.isEmpty();
    }

    private void dropAll() {
        for (HandlerTask task = tasks.poll(); task != null; task = tasks.poll()) {
            queued.decrementAndGet();
            pool.returnPlace();
            Guarded.drop(task);
        }
    }
}
