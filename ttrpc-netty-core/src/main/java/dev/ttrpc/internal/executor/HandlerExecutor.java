package dev.ttrpc.internal.executor;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where the handlers of one server run. Each connection hands its tasks in through a {@link Lane} of its own; lanes are
 * served in turn, so that a connection with a long queue does not keep the others waiting.
 *
 * <p>It keeps the server's one count of running handlers, and the one limit of tasks that wait for a thread. Every task
 * that a lane took is either run or dropped, exactly once.
 */
public interface HandlerExecutor extends AutoCloseable {
    /** How many handlers a pool runs at once, unless told otherwise. */
    int DEFAULT_MAX_THREADS = 256;

    /** How many tasks wait for a thread, over all connections of a server, unless told otherwise. */
    int DEFAULT_MAX_QUEUED = 16_384;

    /** How long a thread of a pool stays idle before it ends, unless told otherwise. */
    Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(60);

    /** How the names of the threads that run handlers begin. */
    String THREAD_NAME_PREFIX = "ttrpc-handler-";

    /**
     * A pool of daemon threads, made when they are needed; see {@link HandlerPool}.
     *
     * @param maxThreads how many handlers run at once
     * @param maxQueued how many tasks wait, over all lanes
     * @param keepAlive how long a thread stays idle before it ends
     * @param threadNamePrefix what precedes the number in a thread's name
     */
    static HandlerExecutor pool(int maxThreads, int maxQueued, Duration keepAlive, String threadNamePrefix) {
        return new HandlerPool(maxThreads, maxQueued, keepAlive, threadNamePrefix);
    }

    /**
     * Runs each task by one {@code execute} of the executor given, which stays its owner's to close.
     *
     * @param maxQueued how many tasks may be handed to the executor, or kept by paused lanes, and not begun
     */
    static HandlerExecutor of(Executor executor, int maxQueued) {
        return new SuppliedExecutor(executor, maxQueued);
    }

    /** An executor that starts a virtual thread for each task, or null before JDK 21, which has none. */
    static @Nullable Executor virtualThreads() {
        return VirtualThreads.executor(THREAD_NAME_PREFIX);
    }

    /**
     * Virtual threads from JDK 24, else a pool. On JDK 21 to 23 a virtual thread that waits inside {@code synchronized}
     * holds its carrier, and as many such handlers as the machine has cores stop the server: there only on request.
     *
     * @param maxQueued how many tasks wait, over all lanes
     */
    static HandlerExecutor defaults(int maxQueued) {
        Executor virtualThreads = Runtime.version().feature() >= 24 ? virtualThreads() : null;
        return virtualThreads != null
                ? of(virtualThreads, maxQueued)
                : pool(DEFAULT_MAX_THREADS, maxQueued, DEFAULT_KEEP_ALIVE, THREAD_NAME_PREFIX);
    }

    /** A new way in, for one connection. */
    Lane newLane();

    /** How many handlers are running now. A task that is begun counts here before it stops counting as queued. */
    int running();

    /** How many tasks wait now, over all lanes; at most the limit given. */
    int queued();

    /**
     * Takes no more tasks. Threads that are idle end; running handlers finish; tasks that are queued still run, unless
     * their lane is closed first. Does not wait. Any thread.
     */
    @Override
    void close();

    /** The tasks of one connection, in order. */
    interface Lane {
        /**
         * Queues a task. The connection's event loop only.
         *
         * <p>A lane that is closed takes the task and drops it at once.
         *
         * @return false when nothing was kept: the server's limit is reached, the executor is closed or refused the task
         */
        boolean submit(HandlerTask task);

        /** Sees to it that what was submitted is worked on; at the end of a read. The connection's event loop only. */
        void flush();

        /**
         * From now on no task of this lane is begun; a thread that is about to begin one may still do so. It is asked
         * when a thread takes a task, not when the task is queued. Any thread.
         */
        void pause();

        /** Undoes {@link #pause()}, however often that was called, and sees to it that what waits is worked on. Any thread. */
        void resume();

        /** How many tasks of this lane wait. */
        int queued();

        /** Drops the tasks that have not begun, and every later one. Any thread, any number of times. */
        void close();
    }

    /** One call's handler, about to be run. A task is submitted once. */
    interface HandlerTask {
        /** Runs the handler. Throws nothing; if it does throw, that is logged and the thread goes on. */
        void run();

        /**
         * Called instead of {@link #run()}, on any thread, when the task will not run: its lane was closed, or the lane
         * was resumed and the user's executor refused the task then (only in this case does the call still lack its answer).
         */
        void dropped();

        /** The method, for the log. */
        String name();
    }
}
