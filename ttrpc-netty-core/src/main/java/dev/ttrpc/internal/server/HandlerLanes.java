package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.internal.server.ServerCounters.Event;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection's ways to the threads of its server: a lane of each executor, made when it is first used. Belongs to the event loop. */
final class HandlerLanes {
    private static final String OVERLOADED = "server is overloaded";
    private static final long SIGNAL_RETRY_MILLIS = 10;

    private final List<HandlerExecutor> executors;
    private final LoopQueue queue;
    private final HandlerExecutor.@Nullable Lane[] lanes;
    private boolean paused;

    HandlerLanes(List<HandlerExecutor> executors, LoopQueue queue) {
        this.executors = executors;
        this.queue = queue;
        this.lanes = new HandlerExecutor.@Nullable Lane[executors.size()];
    }

    /** Queues a call for a thread; one that the executor refuses ends. */
    void submit(ServerStream<?, ?> stream) {
        if (!lane(stream).submit(stream.call())) {
            stream.call().dropped();
        }
    }

    /** Where the signals of a stream's publisher run, one after the other. */
    Executor signals(ServerStream<?, ?> stream) {
        if (stream.method().mayRunOnEventLoop()) {
            return queue::execute;
        }
        return task -> queue.execute(() -> submit(stream, task));
    }

    private void submit(ServerStream<?, ?> stream, Runnable task) {
        HandlerExecutor.Lane lane = lane(stream);
        if (lane.submit(new Signal(task, stream.method().descriptor().fullName()))) {
            lane.flush();
        } else {
            // the call ends, and its handler is told when there is a thread for that
            stream.endWith(overloaded(), Event.CALL_OVERLOADED);
            queue.loop().schedule(() -> submit(stream, task), SIGNAL_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    static Status overloaded() {
        return Status.RESOURCE_EXHAUSTED.withDescription(OVERLOADED);
    }

    /** Sees to it that what was queued is worked on. */
    void flush() {
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null) {
                lane.flush();
            }
        }
    }

    /** Whether no call is to be started, until told otherwise. */
    void pause(boolean pause) {
        paused = pause;
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null && pause) {
                lane.pause();
            } else if (lane != null) {
                lane.resume();
            }
        }
    }

    /** Drops what has not begun. */
    void close() {
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null) {
                lane.close();
            }
        }
    }

    private HandlerExecutor.Lane lane(ServerStream<?, ?> stream) {
        int executor = stream.method().executor();
        HandlerExecutor.Lane lane = lanes[executor];
        if (lane == null) {
            lane = executors.get(executor).newLane();
            if (paused) {
                lane.pause();
            }
            lanes[executor] = lane;
        }
        return lane;
    }

    /** A signal of a publisher as a task of the executor. */
    private record Signal(Runnable task, String name) implements HandlerExecutor.HandlerTask {
        @Override
        public void run() {
            task.run();
        }

        @Override
        public void dropped() {
            // the connection is gone or the executor refuses: a handler is told of the end all the same
            ForkJoinPool.commonPool().execute(task);
        }
    }
}
