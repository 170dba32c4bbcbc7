package dev.ttrpc.internal.executor;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import dev.ttrpc.internal.logging.RareWarning;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when every thread of a pool has been held by the same task for a second while others wait: once, until
 * a thread gets on, and once a minute at most, because a peer can bring it about as often as he likes; the others at debug
 * level. It looks once a second, and only while all threads are at work and tasks wait.
 */
final class HoldWatch {
    /** Off the event loops and off the pool's threads, all of which may be busy. */
    static final Delay AFTER_ONE_SECOND =
            look -> CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(look);

    private static final Logger log = LoggerFactory.getLogger(HandlerPool.class);

    private final HandlerPool pool;
    private final Delay delay;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final RareWarning allHeld;

    HoldWatch(HandlerPool pool, Delay delay) {
        this.pool = pool;
        this.delay = delay;
        this.allHeld = new RareWarning(log, delay::nanoTime);
    }

    /** Called, often, by whoever finds that no thread is left for a task that waits. */
    void begin() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            lookLater(held(), false);
        }
    }

    private void lookLater(Map<HandlerPool.Worker, HandlerTask> before, boolean said) {
        delay.execute(() -> look(before, said));
    }

    private void look(Map<HandlerPool.Worker, HandlerTask> before, boolean said) {
        if (!pool.isSaturated()) {
            looking.set(false);
            if (pool.isSaturated()) { // who saturated it meanwhile saw us looking
                begin();
            }
            return;
        }
        Map<HandlerPool.Worker, HandlerTask> now = held();
        boolean same = now.size() == pool.maxThreads() && now.equals(before); // a thread may be between two tasks
        if (same && !said) {
            allHeld.warn(
                    () -> "All " + now.size() + " handler threads have been held by the same calls for a second while "
                            + pool.queued() + " calls wait. Held by: " + methods(now));
        }
        lookLater(now, same);
    }

    /** Who runs what; maps of this kind are equal when they hold the same objects. */
    private Map<HandlerPool.Worker, HandlerTask> held() {
        Map<HandlerPool.Worker, HandlerTask> held = new IdentityHashMap<>();
        for (HandlerPool.Worker worker : pool.workers()) {
            HandlerTask task = worker.task();
            if (task != null) {
                held.put(worker, task);
            }
        }
        return held;
    }

    private static String methods(Map<HandlerPool.Worker, HandlerTask> held) {
        Map<String, Long> counts = held.values().stream()
                .collect(Collectors.groupingBy(HandlerTask::name, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(method -> method.getKey() + " (" + method.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Runs what it is given a second later. */
    @FunctionalInterface
    interface Delay {
        void execute(Runnable look);

        /** The time, of which only differences mean something. */
        default long nanoTime() {
            return System.nanoTime();
        }
    }
}
