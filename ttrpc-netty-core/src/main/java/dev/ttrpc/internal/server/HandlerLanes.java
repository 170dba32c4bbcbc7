package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.internal.server.ServerCounters.Event;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection's ways to the threads of its server: a lane of each executor, made when it is first used. Belongs to the event loop. */
final class HandlerLanes {
    private static final String OVERLOADED = "server is overloaded";
    private static final long SIGNAL_RETRY_MILLIS = 10;

    private final List<HandlerExecutor> executors;
    private final LoopQueue queue;
    private final AtomicReferenceArray<HandlerExecutor.@Nullable Lane>
            lanes; // filled by the event loop, paused by any thread
    private final AtomicReferenceArray<HandlerExecutor.@Nullable Lane>
            signalLanes; // of calls that have started: never paused
    private final AtomicInteger outliving =
            new AtomicInteger(); // raised by the event loop, lowered by the handlers' threads
    private boolean closed;
    private volatile boolean paused; // set by whoever makes output wait, cleared by the event loop

    HandlerLanes(List<HandlerExecutor> executors, LoopQueue queue) {
        this.executors = executors;
        this.queue = queue;
        this.lanes = new AtomicReferenceArray<>(executors.size());
        this.signalLanes = new AtomicReferenceArray<>(executors.size());
    }

    /** Queues a call for a thread; one that the executor refuses ends. */
    void submit(ServerStream<?, ?> stream) {
        stream.call().queued();
        if (!lane(stream).submit(stream.call())) {
            stream.call().dropped();
        }
    }

    /** A call was ended by somebody else than its handler, and is still in the executor's queue or on one of its threads. Event loop. */
    void outlives() {
        outliving.incrementAndGet();
    }

    /** Such a call has left the executor. Any thread. */
    void outlivesNoMore() {
        outliving.decrementAndGet();
    }

    /** How many calls that have ended are still with the executor. */
    int outliving() {
        return outliving.get();
    }

    /** Where the signals of a stream's publisher run, one after the other. */
    Executor signals(ServerStream<?, ?> stream) {
        if (stream.method().mayRunOnEventLoop()) {
            return queue::execute;
        }
        return task -> queue.execute(() -> submit(stream, task));
    }

    private void submit(ServerStream<?, ?> stream, Runnable task) {
        HandlerExecutor.Lane lane = signalLane(stream);
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
        forEach(HandlerExecutor.Lane::flush);
    }

    /**
     * From now on no call is started. Any thread, which sees to it that the event loop looks whether to {@link #resume} after this. The flag comes last: so no lane is
     * paused for good by somebody whom a resume overtakes.
     */
    void pause() {
        forEach(HandlerExecutor.Lane::pause);
        paused = true;
    }

    /** Calls are started again. */
    void resume() {
        if (paused) {
            paused = false;
            forEach(HandlerExecutor.Lane::resume);
        }
    }

    /** Drops what has not begun. */
    void close() {
        closed = true;
        forEach(HandlerExecutor.Lane::close);
        forEach(signalLanes, HandlerExecutor.Lane::close);
    }

    private void forEach(Consumer<HandlerExecutor.Lane> action) {
        forEach(lanes, action);
    }

    private static void forEach(
            AtomicReferenceArray<HandlerExecutor.@Nullable Lane> lanes, Consumer<HandlerExecutor.Lane> action) {
        for (int i = 0; i < lanes.length(); i++) {
            HandlerExecutor.Lane lane = lanes.get(i);
            if (lane != null) {
                action.accept(lane);
            }
        }
    }

    private HandlerExecutor.Lane lane(ServerStream<?, ?> stream) {
        int executor = stream.method().executor();
        HandlerExecutor.Lane lane = lanes.get(executor);
        if (lane == null) {
            lane = executors.get(executor).newLane();
            lanes.set(executor, lane);
            if (paused) { // by somebody who may not have seen it
                lane.pause();
            }
        }
        return lane;
    }

    private HandlerExecutor.Lane signalLane(ServerStream<?, ?> stream) {
        int executor = stream.method().executor();
        HandlerExecutor.Lane lane = signalLanes.get(executor);
        if (lane == null) {
            lane = executors.get(executor).newLane();
            signalLanes.set(executor, lane);
            if (closed) { // a subscriber that comes late is still told of the end
                lane.close();
            }
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
