package dev.ttrpc.internal.executor;

import static dev.ttrpc.internal.executor.RecordedTask.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.ttrpc.internal.executor.HandlerExecutor.Lane;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SuppliedExecutorTests {
    /** What the executor was handed and has not come to; run by the test. */
    private final Queue<Runnable> handed = new ArrayDeque<>();

    private boolean refuses;
    private final HandlerExecutor executor = HandlerExecutor.of(
            task -> {
                if (refuses) {
                    throw new RejectedExecutionException("full");
                }
                handed.add(task);
            },
            3);
    private final Lane lane = executor.newLane();
    private final RecordedLog log = new RecordedLog();

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void eachTaskIsHandedOverOnce() {
        RecordedTask first = new RecordedTask();
        RecordedTask second = new RecordedTask();

        lane.submit(first);
        lane.submit(second);
        lane.flush();

        assertThat(handed).hasSize(2);
        assertThat(executor.queued()).isEqualTo(2);
        runHanded();
        assertThat(first.runs).hasValue(1);
        assertThat(second.runs).hasValue(1);
        assertThat(executor.queued()).isZero();
    }

    @Test
    void taskIsRunningBeforeItIsNoLongerQueued() {
        AtomicInteger running = new AtomicInteger();
        lane.submit(new RecordedTask(() -> {
            running.set(executor.running());
            assertThat(executor.queued()).isZero();
            assertThat(lane.queued()).isZero();
        }));

        runHanded();

        assertThat(running).hasValue(1);
        assertThat(executor.running()).isZero();
    }

    @Test
    void taskThatTheExecutorRefusesIsNotKept() {
        RecordedTask task = new RecordedTask();
        refuses = true;

        assertThat(lane.submit(task)).isFalse();

        assertThat(task.drops).hasValue(0);
        assertThat(executor.queued()).isZero();
        assertThat(lane.queued()).isZero();
        lane.close();
        assertThat(task.drops).hasValue(0);
    }

    @Test
    void executorThatFailsToTakeATaskRefusesIt() {
        HandlerExecutor failing = HandlerExecutor.of(
                task -> {
                    throw new OutOfMemoryError("unable to create native thread (planted)");
                },
                3);

        assertThat(failing.newLane().submit(new RecordedTask())).isFalse();

        assertThat(failing.queued()).isZero();
        assertThat(log.messages(Level.ERROR)).containsExactly("The executor failed to take a task");
    }

    @Test
    void executorThatRunsATaskAndThenFailsHasNotRefusedIt() {
        RecordedTask task = new RecordedTask();
        HandlerExecutor odd = HandlerExecutor.of(
                handover -> {
                    handover.run();
                    throw new RejectedExecutionException("after all");
                },
                3);

        assertThat(odd.newLane().submit(task)).isTrue();

        assertThat(task.runs).hasValue(1);
        assertThat(odd.queued()).isZero();
        assertThat(odd.running()).isZero();
    }

    @Test
    void executorThatRunsATaskTwiceRunsItOnce() {
        RecordedTask task = new RecordedTask();
        HandlerExecutor odd = HandlerExecutor.of(
                handover -> {
                    handover.run();
                    handover.run();
                },
                3);

        odd.newLane().submit(task);

        assertThat(task.runs).hasValue(1);
        assertThat(odd.queued()).isZero();
        assertThat(odd.running()).isZero();
    }

    @Test
    void taskBeyondTheLimitIsRefused() {
        for (int i = 0; i < 3; i++) {
            assertThat(executor.newLane().submit(new RecordedTask())).isTrue();
        }

        assertThat(lane.submit(new RecordedTask())).isFalse();

        handed.remove().run();
        assertThat(lane.submit(new RecordedTask())).isTrue();
    }

    @Test
    void taskOfAPausedLaneIsHandedOverOnceItIsResumed() {
        RecordedTask task = new RecordedTask();
        lane.pause();

        assertThat(lane.submit(task)).isTrue();

        assertThat(handed).isEmpty();
        assertThat(executor.queued()).isEqualTo(1);
        lane.resume();
        runHanded();
        assertThat(task.runs).hasValue(1);
        assertThat(executor.queued()).isZero();
    }

    @Test
    void taskWhoseTurnComesDuringAPauseIsHandedOverAgain() {
        RecordedTask task = new RecordedTask();
        RecordedTask other = new RecordedTask();
        lane.submit(task);
        executor.newLane().submit(other);
        lane.pause();

        runHanded();

        task.assertNeverRun();
        assertThat(other.runs).hasValue(1);
        assertThat(lane.queued()).isEqualTo(1);
        assertThat(executor.running()).isZero();

        lane.resume();
        runHanded();
        assertThat(task.runs).hasValue(1);
        assertThat(lane.queued()).isZero();
    }

    @Test
    void taskThatIsRefusedWhenItsLaneIsResumedIsDropped() {
        RecordedTask task = new RecordedTask();
        lane.pause();
        lane.submit(task);
        refuses = true;

        lane.resume();

        assertThat(task.drops).hasValue(1);
        assertThat(executor.queued()).isZero();
        assertThat(lane.queued()).isZero();
    }

    @Test
    void closedLaneDropsAtOnceAndItsPlacesReturnWhenTheExecutorComesToThem() {
        RecordedTask task = new RecordedTask();
        lane.submit(task);

        lane.close();
        lane.close();

        assertThat(task.drops).hasValue(1);
        assertThat(lane.queued()).isZero();
        assertThat(executor.queued()).isEqualTo(1);
        runHanded();
        task.assertNeverRun();
        assertThat(executor.queued()).isZero();
        assertThat(executor.running()).isZero();
    }

    @Test
    void closedLaneDropsWhatAPauseKept() {
        RecordedTask handedFirst = new RecordedTask();
        RecordedTask keptBack = new RecordedTask();
        lane.submit(handedFirst);
        lane.pause();
        runHanded();
        lane.submit(keptBack);

        lane.close();

        assertThat(handedFirst.drops).hasValue(1);
        assertThat(keptBack.drops).hasValue(1);
        assertThat(executor.queued()).isZero();
        lane.resume();
        assertThat(handed).isEmpty();
    }

    @Test
    void closedLaneDropsWhatIsSubmittedLater() {
        RecordedTask late = new RecordedTask();
        lane.close();

        assertThat(lane.submit(late)).isTrue();

        assertThat(late.drops).hasValue(1);
        assertThat(executor.queued()).isZero();
    }

    @Test
    void closedExecutorTakesNoMoreAndFinishesWhatItHas() {
        RecordedTask task = new RecordedTask();
        lane.submit(task);

        executor.close();

        assertThat(lane.submit(new RecordedTask())).isFalse();
        runHanded();
        assertThat(task.runs).hasValue(1);
    }

    @Test
    void taskThatThrowsDoesNotReachTheExecutor() {
        lane.submit(new RecordedTask(() -> {
            throw new IllegalStateException("planted");
        }));

        runHanded();

        assertThat(executor.running()).isZero();
        assertThat(log.messages(Level.ERROR)).hasSize(1);
    }

    @Test
    void runsOnTheCallersThreadIfTheExecutorDoes() {
        HandlerExecutor direct = HandlerExecutor.of(Runnable::run, 1);
        RecordedTask task = new RecordedTask();

        assertThat(direct.newLane().submit(task)).isTrue();

        assertThat(task.thread).isSameAs(Thread.currentThread());
        assertThat(direct.queued()).isZero();
    }

    @Test
    void refusesToBeMadeWithoutRoom() {
        assertThatThrownBy(() -> HandlerExecutor.of(Runnable::run, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void virtualThreadsAreNamedFromJdk21() {
        Executor virtualThreads = HandlerExecutor.virtualThreads();
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads are there from JDK 21");
        assertThat(virtualThreads).isNotNull();
        CountDownLatch gate = new CountDownLatch(1);
        HandlerExecutor onVirtualThreads = HandlerExecutor.of(virtualThreads, 10);
        RecordedTask task = RecordedTask.waitingFor(gate);

        onVirtualThreads.newLane().submit(task);

        task.awaitBegun();
        assertThat(onVirtualThreads.running()).isEqualTo(1);
        gate.countDown();
        task.awaitEnded();
        assertThat(task.thread).isNotNull();
        assertThat(task.thread.getName()).isEqualTo("ttrpc-handler-0");
        soon().until(onVirtualThreads::running, running -> running == 0);
    }

    @Test
    void noVirtualThreadsBeforeJdk21() {
        assumeTrue(Runtime.version().feature() < 21, "virtual threads are there from JDK 21");

        assertThat(HandlerExecutor.virtualThreads()).isNull();
    }

    @Test
    void virtualThreadsAreTheDefaultFromJdk24() {
        try (HandlerExecutor defaults = HandlerExecutor.defaults(10)) {
            assertThat(defaults)
                    .isInstanceOf(Runtime.version().feature() >= 24 ? SuppliedExecutor.class : HandlerPool.class);
            if (defaults instanceof HandlerPool pool) {
                assertThat(pool.maxThreads()).isEqualTo(256);
            }
        }
    }

    private void runHanded() {
        for (Runnable next = handed.poll(); next != null; next = handed.poll()) {
            next.run();
        }
    }
}
