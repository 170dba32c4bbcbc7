package dev.ttrpc.internal.connection;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.internal.logging.FailureLog;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way onto an event loop for what other threads want of a connection: many tasks, one wake-up, and one flush behind them. Tasks run in the order they were
 * offered by each thread. A task offered on the loop itself runs at once where none is ahead of it.
 */
public final class LoopQueue implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(LoopQueue.class);

    /** How many tasks run before what they wrote is flushed. */
    private static final int BATCH = 256;

    private final EventLoop loop;
    private final Runnable flush;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean(); // set by who offers, cleared by the loop

    /** @param flush runs on the loop after a batch of tasks */
    public LoopQueue(EventLoop loop, Runnable flush) {
        this.loop = loop;
        this.flush = flush;
    }

    /**
     * Any thread. A task that throws is logged.
     *
     * @throws ConnectionLostException where the event loop has ended, and with it everything that belongs to it
     */
    public void offer(Runnable task) {
        tasks.add(task);
        try {
            schedule();
        } catch (RejectedExecutionException e) {
            if (tasks.remove(task)) { // else it was the last to be run
                throw new ConnectionLostException("the event loop has ended", true, e);
            }
        }
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this);
            } catch (RejectedExecutionException e) {
                scheduled.set(false); // the next one is refused as well
                throw e;
            }
        }
    }

    /** Runs the task now where this is the loop, else {@link #offer offers} it. */
    public void execute(Runnable task) {
        if (loop.inEventLoop() && tasks.isEmpty()) {
            runTask(task);
            scheduleFromLoop(); // for the flush
        } else {
            offer(task);
        }
    }

    public EventLoop loop() {
        return loop;
    }

    @Override
    public void run() {
        scheduled.set(false); // a task offered from here on schedules another run
        int left = BATCH;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            runTask(task);
            if (--left == 0) {
                break;
            }
        }
        flush.run();
        if (left == 0 && !tasks.isEmpty()) {
            scheduleFromLoop();
        }
    }

    private void scheduleFromLoop() {
        try {
            schedule();
        } catch (RejectedExecutionException e) {
            log.debug("The event loop ends, and what is written last is not flushed", e);
        }
    }

    private static void runTask(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            FailureLog.error(log, "A task of a connection failed", e);
        }
    }
}
