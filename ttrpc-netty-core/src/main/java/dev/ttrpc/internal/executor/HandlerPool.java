package dev.ttrpc.internal.executor;

import dev.ttrpc.internal.logging.RareWarning;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that do two things at once: run as many handlers that wait as there are threads, and cost little for handlers
 * of a microsecond. No lock anywhere; a thread waits only when it is idle.
 *
 * <p>Two rules make it so. Whoever takes a task and leaves others behind calls one more thread <i>before</i> it runs the
 * task: so a handler that waits holds nothing up. And at most one thread is {@code searching}, that is called and not yet
 * at work: so a batch of tiny handlers, which the first thread finishes before the second is awake, costs one call or two,
 * not one for each task.
 *
 * <pre>
 *   flush, resume ─▶ turns of lanes ─▶ take one task ─▶ call one more thread if turns are left ─▶ run ─┐
 *                          ▲                ▲                                                         │
 *                          └──lane has more─┘◀──────────────────────again──────────────────────────────┘
 *   no turn left: idle, the last to come is the first called; after keepAlive the thread ends
 * </pre>
 *
 * <p><b>Why no call is missed.</b> The claim: once all have left this code, and a turn lies in {@link #turns}, then a
 * thread is searching, or every thread allowed is running a task (and looks again when that ends). Everything below is a
 * volatile access or a compare-and-set, so each step is seen by all in one order.
 * <ul>
 *   <li>Whoever adds a turn then calls {@link #callOne()}, or goes on taking turns until it finds none. {@code callOne}
 *       may do nothing for three reasons, and each time somebody else looks at the turns later:
 *   <li>it saw a thread searching: a thread that stops searching, for whatever reason, looks at the turns after it has
 *       cleared the flag;
 *   <li>it saw no idle thread: a thread that goes idle looks at the turns after it has joined the stack;
 *   <li>it saw no room for a thread: a thread that ends looks at the turns after it has left the count.
 *   <li>{@code callOne} itself makes the pool look searched while it finds neither an idle thread nor room. So when it
 *       clears the flag it looks at all three again.
 *   <li>A turn in the hands of a thread is nowhere to be seen; that thread puts it back or gives it up (see
 *       {@link PoolLane}), and then looks at the turns.
 * </ul>
 */
final class HandlerPool implements HandlerExecutor {
    private static final Logger log = LoggerFactory.getLogger(HandlerPool.class);

    private final long keepAliveNanos;
    private final ThreadFactory factory;

    private final Queue<PoolLane> turns = new ConcurrentLinkedQueue<>();
    private final IdleStack<Worker> idle = new IdleStack<>();
    private final AtomicBoolean searching = new AtomicBoolean();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final BoundedCount threads;
    private final BoundedCount queued;
    private final AtomicInteger running = new AtomicInteger();
    private final HoldWatch holdWatch;
    private final RareWarning noThread = new RareWarning(log);
    /** Set by any thread, read by all. */
    private volatile boolean closed;

    HandlerPool(int maxThreads, int maxQueued, Duration keepAlive, String threadNamePrefix) {
        this(maxThreads, maxQueued, keepAlive, new HandlerThreads(threadNamePrefix), HoldWatch.AFTER_ONE_SECOND);
    }

    HandlerPool(
            int maxThreads, int maxQueued, Duration keepAlive, ThreadFactory factory, HoldWatch.Delay holdWatchDelay) {
        if (maxThreads < 1 || maxQueued < 1 || keepAlive.isNegative()) {
            throw new IllegalArgumentException(
                    "A handler pool needs at least one thread, room for one task and a keep-alive"
                            + " that is not negative, not " + maxThreads + ", " + maxQueued + " and " + keepAlive);
        }
        this.threads = new BoundedCount(maxThreads);
        this.queued = new BoundedCount(maxQueued);
        this.keepAliveNanos = TimeUnit.NANOSECONDS.convert(keepAlive);
        this.factory = factory;
        this.holdWatch = new HoldWatch(this, holdWatchDelay);
    }

    @Override
    public Lane newLane() {
        return new PoolLane(this);
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
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    int maxThreads() {
        return threads.limit();
    }

    int threads() {
        return threads.get();
    }

    int idleThreads() {
        return idle.size();
    }

    Set<Worker> workers() {
        return workers;
    }

    /** Whether tasks wait although every thread allowed is at work. */
    boolean isSaturated() {
        return !turns.isEmpty() && hasNoThreadToCall();
    }

    /** A place for one more task to wait, or false. */
    boolean reservePlace() {
        return !closed && queued.tryIncrement();
    }

    void returnPlace() {
        queued.decrement();
    }

    void addTurn(PoolLane lane) {
        turns.add(lane);
    }

    /** True when the turn was there; then it is the caller's to give up. */
    boolean removeTurn(PoolLane lane) {
        return turns.remove(lane);
    }

    /** If there is a turn to take: sees to it that a thread is searching. */
    void callOne() {
        while (!turns.isEmpty() && !searching.get()) {
            if (hasNoThreadToCall()) {
                holdWatch.begin();
                return;
            }
            if (!searching.compareAndSet(false, true)) {
                return;
            }
            Worker worker = idle.pop();
            if (worker != null) {
                LockSupport.unpark(worker.thread);
                return;
            }
            if (threads.tryIncrement()) {
                startThread();
                return;
            }
            searching.set(false);
        }
    }

    private boolean hasNoThreadToCall() {
        return idle.isEmpty() && threads.isAtLimit();
    }

    /** The machine may refuse a thread: then those there are do the work, and every flush tries again. */
    private void startThread() {
        Worker worker = new Worker();
        workers.add(worker);
        try {
            worker.thread.start();
        } catch (Throwable e) {
            workers.remove(worker);
            threads.decrement();
            searching.set(false);
            noThread.warn(() -> "No thread could be started for handlers; " + threads() + " are there, " + queued()
                    + " calls wait: " + e);
            log.debug("The failure", e);
        }
    }

    /** One thread of the pool. */
    final class Worker implements Runnable {
        final Thread thread;
        /** What runs, or ran last before this thread looks for the next; read by the hold watch. */
        private volatile @Nullable HandlerTask task;
        /** Whether this thread counts in {@code running}; so that going from task to task counts nothing. */
        private boolean countsAsRunning;

        Worker() {
            thread = factory.newThread(this);
        }

        @Nullable
        HandlerTask task() {
            return task;
        }

        @Override
        public void run() {
            do {
                workUntilNoTurnIsLeft();
            } while (waitToBeCalled());
            workers.remove(this);
            threads.decrement();
            callOne();
        }

        /** Begins as the thread that is searching: it was made or called a moment ago. */
        private void workUntilNoTurnIsLeft() {
            boolean isSearching = true;
            for (HandlerTask next = take(); next != null; next = take()) {
                if (isSearching) {
                    searching.set(false);
                    isSearching = false;
                }
                callOne();
                Guarded.run(next);
                Thread.interrupted(); // an interrupt was meant for the task that has ended
            }
            if (isSearching) {
                searching.set(false);
            }
        }

        private @Nullable HandlerTask take() {
            for (PoolLane lane = turns.poll(); lane != null; lane = turns.poll()) {
                HandlerTask next = lane.takeAndPassTurn();
                if (next != null) {
                    begin(next);
                    return next;
                }
            }
            rest();
            return null;
        }

        private void begin(HandlerTask next) {
            if (!countsAsRunning) {
                countsAsRunning = true;
                running.incrementAndGet();
            }
            queued.decrement();
            task = next;
        }

        private void rest() {
            if (countsAsRunning) {
                countsAsRunning = false;
                task = null;
                running.decrementAndGet();
            }
        }

        /** True once this thread was called, and so is the one that is searching; false when it must end. */
        private boolean waitToBeCalled() {
            if (closed) {
                return false;
            }
            long since = System.nanoTime();
            IdleStack.Wait<Worker> wait = idle.push(this);
            callOne(); // may well call this thread
            while (!wait.isOver()) {
                long left = closed ? 0 : keepAliveNanos - (System.nanoTime() - since);
                if (left <= 0) {
                    return !idle.withdraw(wait);
                }
                LockSupport.parkNanos(HandlerPool.this, left);
                Thread.interrupted(); // else the next park would not wait
            }
            return true;
        }
    }
}
