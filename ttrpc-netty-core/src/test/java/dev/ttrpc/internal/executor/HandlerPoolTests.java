package dev.ttrpc.internal.executor;

import static dev.ttrpc.internal.executor.RecordedTask.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.ttrpc.internal.executor.HandlerExecutor.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandlerPoolTests {
    private static final Duration LONG = Duration.ofHours(1);

    private final Queue<Runnable> looks = new ArrayDeque<>();
    private final List<HandlerPool> pools = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final RecordedLog log = new RecordedLog();

    @AfterEach
    void closePools() {
        gate.countDown();
        pools.forEach(HandlerPool::close);
        pools.forEach(pool -> soon().until(pool::threads, threads -> threads == 0));
        log.close();
    }

    @Test
    void tasksOfALaneBeginInOrder() {
        Lane lane = pool(1).newLane();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<RecordedTask> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            tasks.add(new RecordedTask(() -> order.add(number)));
        }

        submit(lane, tasks);

        tasks.get(99).awaitEnded();
        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void lanesAreServedInTurn() {
        HandlerPool pool = pool(1);
        RecordedTask holder = holdOneThread(pool);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<RecordedTask> tasks = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            Lane lane = pool.newLane();
            for (int i = 1; i <= 3; i++) {
                String label = name + i;
                RecordedTask task = new RecordedTask(() -> order.add(label));
                tasks.add(task);
                lane.submit(task);
            }
            lane.flush();
        }

        gate.countDown();

        holder.awaitEnded();
        tasks.forEach(RecordedTask::awaitEnded);
        assertThat(order).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
    }

    @Test
    void handlerThatWaitsHoldsNothingBehindIt() {
        Lane lane = pool(2).newLane();
        CountDownLatch second = new CountDownLatch(1);
        RecordedTask waits = RecordedTask.waitingFor(second);

        submit(lane, List.of(waits, new RecordedTask(second::countDown)));

        waits.awaitEnded();
    }

    @Test
    void asManyHandlersWaitAtOnceAsThereAreThreads() {
        HandlerPool pool = pool(HandlerExecutor.DEFAULT_MAX_THREADS);
        List<RecordedTask> tasks = waiting(HandlerExecutor.DEFAULT_MAX_THREADS);

        submit(pool.newLane(), tasks);

        tasks.forEach(RecordedTask::awaitBegun);
        assertThat(pool.running()).isEqualTo(HandlerExecutor.DEFAULT_MAX_THREADS);
        assertThat(pool.queued()).isZero();
    }

    @Test
    void whatIsBeyondTheThreadsFollowsAsTheyEnd() {
        HandlerPool pool = pool(256);
        Lane lane = pool.newLane();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<RecordedTask> tasks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            tasks.add(new RecordedTask(() -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                RecordedTask.await(gate);
                atOnce.decrementAndGet();
            }));
        }

        submit(lane, tasks);

        tasks.subList(0, 256).forEach(RecordedTask::awaitBegun);
        assertThat(pool.running()).isEqualTo(256);
        assertThat(pool.queued()).isEqualTo(744);
        assertThat(lane.queued()).isEqualTo(744);
        tasks.subList(256, 1000).forEach(RecordedTask::assertNeverRun);

        gate.countDown();

        tasks.forEach(RecordedTask::awaitEnded);
        assertThat(tasks).allSatisfy(task -> assertThat(task.runs).hasValue(1));
        assertThat(most.get()).isLessThanOrEqualTo(256);
    }

    @Test
    void taskBeyondTheLimitIsRefusedAndNotKept() {
        HandlerPool pool = new HandlerPool(1, 2, LONG, "test-");
        pools.add(pool);
        holdOneThread(pool);
        Lane lane = pool.newLane();
        RecordedTask last = new RecordedTask();
        RecordedTask refused = new RecordedTask();

        assertThat(pool.newLane().submit(new RecordedTask())).isTrue();
        assertThat(lane.submit(last)).isTrue();
        assertThat(lane.submit(refused)).isFalse();
        assertThat(pool.queued()).isEqualTo(2);
        lane.flush();
        gate.countDown();
        last.awaitEnded();

        assertThat(lane.submit(last)).isTrue();
        refused.assertNeverRun();
        assertThat(refused.drops).hasValue(0);
    }

    @Test
    void taskIsRunningBeforeItIsNoLongerQueued() {
        HandlerPool pool = pool(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger queued = new AtomicInteger(-1);
        RecordedTask task = new RecordedTask(() -> {
            running.set(pool.running());
            queued.set(pool.queued());
        });

        submit(pool.newLane(), List.of(task));

        task.awaitEnded();
        assertThat(running).hasValue(1);
        assertThat(queued).hasValue(0);
        soon().until(pool::running, count -> count == 0);
    }

    @Test
    void pausedLaneBeginsNothingWhileOthersGoOn() {
        HandlerPool pool = pool(1);
        Lane paused = pool.newLane();
        RecordedTask kept = new RecordedTask();
        paused.pause();
        submit(paused, List.of(kept));

        RecordedTask other = new RecordedTask();
        submit(pool.newLane(), List.of(other));

        other.awaitEnded();
        soon().until(pool::idleThreads, idle -> idle == 1);
        kept.assertNeverRun();
        assertThat(paused.queued()).isEqualTo(1);

        paused.resume();

        kept.awaitEnded();
    }

    @Test
    void pauseHoldsWhatIsAlreadyQueued() {
        HandlerPool pool = pool(1);
        holdOneThread(pool);
        Lane lane = pool.newLane();
        RecordedTask kept = new RecordedTask();
        submit(lane, List.of(kept));
        RecordedTask other = new RecordedTask();
        submit(pool.newLane(), List.of(other));

        lane.pause();
        lane.pause();
        gate.countDown();

        other.awaitEnded();
        soon().until(pool::idleThreads, idle -> idle == 1);
        kept.assertNeverRun();

        lane.resume();

        kept.awaitEnded();
    }

    @Test
    void pauseBetweenTwoTasksOfOneBatchHoldsTheSecond() {
        HandlerPool pool = pool(1);
        Lane lane = pool.newLane();
        RecordedTask second = new RecordedTask();

        submit(lane, List.of(new RecordedTask(lane::pause), second));

        soon().until(() -> pool.idleThreads() == 1 && pool.queued() == 1);
        second.assertNeverRun();
        lane.resume();
        second.awaitEnded();
    }

    @Test
    void threadThatWentIdleLastWorksFirst() {
        HandlerPool pool = pool(2);
        Lane lane = pool.newLane();
        CountDownLatch firstMayEnd = new CountDownLatch(1);
        RecordedTask first = RecordedTask.waitingFor(firstMayEnd);
        RecordedTask second = RecordedTask.waitingFor(gate);
        submit(lane, List.of(first, second));
        first.awaitBegun();
        second.awaitBegun();
        firstMayEnd.countDown();
        soon().until(pool::idleThreads, idle -> idle == 1);
        gate.countDown();
        soon().until(pool::idleThreads, idle -> idle == 2);

        for (int i = 0; i < 10; i++) {
            RecordedTask next = new RecordedTask();
            submit(lane, List.of(next));
            next.awaitEnded();
            soon().until(pool::idleThreads, idle -> idle == 2);
            assertThat(next.thread).isSameAs(second.thread).isNotSameAs(first.thread);
        }
    }

    @Test
    void idleThreadsEndAndAreMadeAgain() {
        HandlerPool pool = new HandlerPool(4, 100, Duration.ofMillis(1), "test-");
        pools.add(pool);
        Lane lane = pool.newLane();
        for (int round = 0; round < 3; round++) {
            CountDownLatch together = new CountDownLatch(4);
            List<RecordedTask> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(new RecordedTask(() -> {
                    together.countDown();
                    RecordedTask.await(together);
                }));
            }
            submit(lane, tasks);
            tasks.forEach(RecordedTask::awaitEnded);

            soon().until(pool::threads, threads -> threads == 0);
            assertThat(pool.workers()).isEmpty();
        }
    }

    @Test
    void threadsAreDaemonsWithANumberAndTheClassLoaderOfWhoMadeThePool() {
        RecordedTask task = new RecordedTask();
        Thread submitter = Thread.currentThread();
        Lane lane = pool(1).newLane();
        ClassLoader mine = submitter.getContextClassLoader();
        try {
            submitter.setContextClassLoader(new ClassLoader(null) {});
            submit(lane, List.of(task));
        } finally {
            submitter.setContextClassLoader(mine);
        }

        Thread thread = task.awaitEnded().thread;
        assertThat(thread).isNotNull();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("test-0");
        assertThat(thread.getContextClassLoader()).isSameAs(mine);
    }

    @Test
    void closedLaneDropsWhatHasNotBegun() {
        HandlerPool pool = pool(1);
        RecordedTask holder = holdOneThread(pool);
        Lane lane = pool.newLane();
        Lane other = pool.newLane();
        List<RecordedTask> tasks = List.of(new RecordedTask(), new RecordedTask());
        RecordedTask kept = new RecordedTask();
        submit(lane, tasks);
        submit(other, List.of(kept));

        lane.close();
        lane.close();

        assertThat(tasks).allSatisfy(task -> assertThat(task.drops).hasValue(1));
        assertThat(lane.queued()).isZero();
        assertThat(pool.queued()).isEqualTo(1);
        gate.countDown();
        kept.awaitEnded();
        holder.awaitEnded();
        tasks.forEach(RecordedTask::assertNeverRun);
    }

    @Test
    void closedLaneDropsWhatIsSubmittedLater() {
        HandlerPool pool = pool(1);
        Lane lane = pool.newLane();
        RecordedTask late = new RecordedTask();
        lane.close();

        assertThat(lane.submit(late)).isTrue();

        assertThat(late.drops).hasValue(1);
        assertThat(pool.queued()).isZero();
    }

    @Test
    void closedLanesDoNotPileUpWhileAllThreadsWait() {
        HandlerPool pool = pool(1);
        holdOneThread(pool);
        Lane lane = pool.newLane();
        submit(lane, List.of(new RecordedTask()));
        assertThat(pool.isSaturated()).isTrue();

        lane.close();

        assertThat(pool.isSaturated()).isFalse();
    }

    @Test
    void taskThatThrowsIsLoggedAndItsThreadGoesOn() {
        Lane lane = pool(1).newLane();
        RecordedTask fails = new RecordedTask(() -> {
            throw new StackOverflowError("planted");
        });
        RecordedTask next = new RecordedTask();

        submit(lane, List.of(fails, next));

        next.awaitEnded();
        assertThat(next.thread).isSameAs(fails.thread);
        assertThat(log.messages(Level.ERROR))
                .singleElement()
                .asString()
                .startsWith("The task of test.Service/Method failed");
    }

    @Test
    void taskThatThrowsWhenDroppedIsLoggedAndTheOthersAreDropped() {
        HandlerPool pool = pool(1);
        Lane lane = pool.newLane();
        lane.pause();
        RecordedTask next = new RecordedTask();
        submit(
                lane,
                List.of(
                        new RecordedTask() {
                            @Override
                            public void dropped() {
                                throw new IllegalStateException("planted");
                            }
                        },
                        next));

        lane.close();

        assertThat(next.drops).hasValue(1);
        assertThat(pool.queued()).isZero();
        assertThat(log.messages(Level.ERROR)).hasSize(1);
    }

    @Test
    void interruptOfOneTaskDoesNotReachTheNext() {
        Lane lane = pool(1).newLane();
        AtomicBoolean interrupted = new AtomicBoolean();
        RecordedTask next =
                new RecordedTask(() -> interrupted.set(Thread.currentThread().isInterrupted()));

        submit(lane, List.of(new RecordedTask(() -> Thread.currentThread().interrupt()), next));

        next.awaitEnded();
        assertThat(interrupted).isFalse();
    }

    @Test
    void closedPoolFinishesWhatItHasAndTakesNoMore() {
        HandlerPool pool = pool(2);
        CountDownLatch together = new CountDownLatch(2);
        Lane lane = pool.newLane();
        submit(lane, List.of(new RecordedTask(together::countDown), new RecordedTask(together::countDown)));
        RecordedTask.await(together);
        RecordedTask runs = holdOneThread(pool);
        RecordedTask runsToo = holdOneThread(pool);
        RecordedTask queued = new RecordedTask();
        submit(lane, List.of(queued));

        pool.close();

        assertThat(lane.submit(new RecordedTask())).isFalse();
        gate.countDown();
        queued.awaitEnded();
        runs.awaitEnded();
        runsToo.awaitEnded();
        soon().until(pool::threads, threads -> threads == 0);
    }

    @Test
    void closedPoolStillRunsWhatAPausedLaneKept() {
        HandlerPool pool = pool(1);
        Lane lane = pool.newLane();
        lane.pause();
        RecordedTask kept = new RecordedTask();
        submit(lane, List.of(kept));
        pool.close();

        lane.resume();

        kept.awaitEnded();
    }

    @Test
    void idleThreadsOfAClosedPoolEnd() {
        HandlerPool pool = pool(4);
        RecordedTask task = new RecordedTask();
        submit(pool.newLane(), List.of(task));
        task.awaitEnded();
        soon().until(pool::idleThreads, idle -> idle == 1);

        pool.close();

        soon().until(pool::threads, threads -> threads == 0);
    }

    @Test
    void saysOnceThatAllThreadsAreHeld() {
        HandlerPool pool = new HandlerPool(2, 100, LONG, new HandlerThreads("test-"), looks::add);
        pools.add(pool);
        Lane lane = pool.newLane();
        RecordedTask first = holdOneThread(pool);
        RecordedTask second = holdOneThread(pool);
        RecordedTask third = new RecordedTask();
        submit(lane, List.of(third));
        assertThat(looks).hasSize(1);
        assertThat(log.messages(Level.WARN)).isEmpty();

        look();
        look();
        lane.flush();
        look();

        assertThat(log.messages(Level.WARN))
                .containsExactly("All 2 handler threads have been held by the same calls for a second while 1 calls"
                        + " wait. Held by: test.Service/Method (2)");

        gate.countDown();
        first.awaitEnded();
        second.awaitEnded();
        third.awaitEnded();
        look();
        assertThat(looks).isEmpty();
    }

    @Test
    void saysThatAllThreadsAreHeldOnceAMinuteAndHowManyTimesItDidNot() {
        AtomicLong time = new AtomicLong(Long.MAX_VALUE); // goes on below zero, as it may
        HandlerPool pool = new HandlerPool(1, 100, LONG, new HandlerThreads("test-"), new HoldWatch.Delay() {
            @Override
            public void execute(Runnable look) {
                looks.add(look);
            }

            @Override
            public long nanoTime() {
                return time.get();
            }
        });
        pools.add(pool);
        String held = "All 1 handler threads have been held by the same calls for a second while 1 calls wait."
                + " Held by: test.Service/Method (1)";

        holdForASecond(pool);
        time.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        holdForASecond(pool);
        holdForASecond(pool);
        assertThat(log.messages(Level.WARN)).containsExactly(held);

        time.incrementAndGet();
        holdForASecond(pool);
        assertThat(log.messages(Level.WARN)).containsExactly(held, held + " (and 2 more since the last such warning)");
    }

    private void holdForASecond(HandlerPool pool) {
        CountDownLatch mayEnd = new CountDownLatch(1);
        RecordedTask holds = RecordedTask.waitingFor(mayEnd);
        RecordedTask waits = new RecordedTask();
        Lane lane = pool.newLane();
        submit(lane, List.of(holds));
        holds.awaitBegun();
        submit(lane, List.of(waits));
        look();
        mayEnd.countDown();
        waits.awaitEnded();
        look();
        assertThat(looks).isEmpty();
    }

    @Test
    void saysNothingWhileThreadsGetOn() {
        HandlerPool pool = new HandlerPool(1, 100, LONG, new HandlerThreads("test-"), looks::add);
        pools.add(pool);
        Lane lane = pool.newLane();
        CountDownLatch firstMayEnd = new CountDownLatch(1);
        RecordedTask first = RecordedTask.waitingFor(firstMayEnd);
        RecordedTask second = RecordedTask.waitingFor(gate);
        submit(lane, List.of(first));
        first.awaitBegun();
        submit(lane, List.of(second, new RecordedTask()));
        firstMayEnd.countDown();
        second.awaitBegun();

        look();
        assertThat(log.messages(Level.WARN)).isEmpty();

        look();
        assertThat(log.messages(Level.WARN)).hasSize(1);
    }

    @Test
    void doesNotLookWhileThereAreThreads() {
        HandlerPool pool = new HandlerPool(3, 100, LONG, new HandlerThreads("test-"), looks::add);
        pools.add(pool);

        holdOneThread(pool);
        holdOneThread(pool);

        assertThat(looks).isEmpty();
    }

    @Test
    void machineThatHasNoThreadToGiveIsSaidOnceAMinute() {
        List<Thread> asked = new ArrayList<>();
        HandlerPool pool = new HandlerPool(
                2,
                100,
                LONG,
                work -> {
                    Thread none = new Thread(work) {
                        @Override
                        public void start() {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                    };
                    asked.add(none);
                    return none;
                },
                looks::add);
        Lane lane = pool.newLane();

        submit(lane, waiting(3));
        lane.flush();
        lane.flush();

        assertThat(asked).hasSizeGreaterThan(1);
        assertThat(pool.threads()).isZero();
        assertThat(log.messages(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("No thread could be started for handlers; 0 are there, 3 calls wait");
        lane.close();
    }

    @Test
    void refusesToBeMadeWithoutThreadsOrRoom() {
        assertThatThrownBy(() -> HandlerExecutor.pool(0, 1, LONG, "test-"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one thread");
        assertThatThrownBy(() -> HandlerExecutor.pool(1, 0, LONG, "test-"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HandlerExecutor.pool(1, 1, Duration.ofNanos(-1), "test-"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HandlerPool pool(int maxThreads) {
        HandlerPool pool = new HandlerPool(maxThreads, HandlerExecutor.DEFAULT_MAX_QUEUED, LONG, "test-");
        pools.add(pool);
        return pool;
    }

    private RecordedTask holdOneThread(HandlerPool pool) {
        RecordedTask task = RecordedTask.waitingFor(gate);
        submit(pool.newLane(), List.of(task));
        return task.awaitBegun();
    }

    private List<RecordedTask> waiting(int count) {
        List<RecordedTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(RecordedTask.waitingFor(gate));
        }
        return tasks;
    }

    private void look() {
        looks.remove().run();
    }

    private static void submit(Lane lane, List<RecordedTask> tasks) {
        tasks.forEach(task -> assertThat(lane.submit(task)).isTrue());
        lane.flush();
    }
}
