package dev.ttrpc.internal.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import dev.ttrpc.internal.executor.HandlerExecutor.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One task at a time, so that a call that is missed is not made good by the next: what is to meet it comes after a random
 * number of turns of a loop, and so sweeps the few instructions in which it could go wrong. A loss shows as a time-out.
 */
@Timeout(120)
class HandlerExecutorRaceTests {
    private static final int MOST_ROUNDS = 5_000;
    private static final Duration LONGEST = Duration.ofSeconds(10); // on a machine that is busy with something else
    private static final Duration LONG = Duration.ofHours(1);

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<CountingTask> tasks = new ArrayList<>();
    private final ExecutorService opponent = Executors.newSingleThreadExecutor();
    private final long begun = System.nanoTime();
    private volatile int toStart;
    private volatile int last = MOST_ROUNDS;

    @AfterEach
    void everyTaskEndedOnce() {
        toStart = Integer.MAX_VALUE;
        opponent.shutdown();
        assertThat(tasks).isNotEmpty().allSatisfy(task -> assertThat(task.ends).hasValue(1));
    }

    @Test
    void taskThatComesWhileTheThreadGoesIdleRuns() {
        try (HandlerExecutor pool = HandlerExecutor.pool(1, 10, LONG, "race-")) {
            runOneByOne(pool);
        }
    }

    @Test
    void taskThatComesWhileTheThreadEndsRuns() {
        try (HandlerExecutor pool = HandlerExecutor.pool(1, 10, Duration.ZERO, "race-")) {
            runOneByOne(pool);
        }
    }

    @Test
    void taskThatComesWhileTheThreadTiresOfWaitingRuns() {
        try (HandlerExecutor pool = HandlerExecutor.pool(2, 10, Duration.ofNanos(5_000), "race-")) {
            runOneByOne(pool);
        }
    }

    @Test
    void taskThatComesWhileTheOneBeforeItIsTakenRuns() {
        try (HandlerExecutor pool = HandlerExecutor.pool(1, 10, LONG, "race-")) {
            Lane lane = pool.newLane();
            for (int i = 0; goesOn(i + 5); i += 5) {
                for (int k = 0; k < 5; k++) {
                    spin();
                    assertThat(lane.submit(newTask())).isTrue();
                    lane.flush();
                }
                tasks.get(i + 4).awaitEnd();
            }
        }
    }

    @Test
    void taskOfAPoolRunsThoughItsLaneIsPausedAndResumedMeanwhile() throws Exception {
        try (HandlerExecutor pool = HandlerExecutor.pool(2, 10, LONG, "race-")) {
            pauseAndResume(pool);
        }
    }

    @Test
    void taskOfAUsersExecutorRunsThoughItsLaneIsPausedAndResumedMeanwhile() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            pauseAndResume(HandlerExecutor.of(threads, 10));
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void taskOfAPausedLaneOfAPoolIsDroppedThoughItComesWhileTheLaneCloses() throws Exception {
        try (HandlerExecutor pool = HandlerExecutor.pool(2, 10, LONG, "race-")) {
            close(pool, true);
        }
    }

    @Test
    void taskOfAPausedLaneOfAUsersExecutorIsDroppedThoughItComesWhileTheLaneCloses() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            close(HandlerExecutor.of(threads, MOST_ROUNDS), true);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void taskOfAnExecutorThatIsBehindIsDroppedThoughItComesWhileTheLaneCloses() throws Exception {
        Executor never = task -> {};
        close(HandlerExecutor.of(never, MOST_ROUNDS), false);
    }

    private void runOneByOne(HandlerExecutor executor) {
        Lane lane = executor.newLane();
        for (int round = 1; goesOn(round); round++) {
            CountingTask task = newTask();
            spin();
            assertThat(lane.submit(task)).isTrue();
            lane.flush();
            task.awaitEnd();
        }
    }

    /** Whether there is that round too, the first being 1. */
    private boolean goesOn(int round) {
        if (round > MOST_ROUNDS || System.nanoTime() - begun > LONGEST.toNanos()) {
            last = round - 1;
            toStart = Integer.MAX_VALUE;
            return false;
        }
        return true;
    }

    private void pauseAndResume(HandlerExecutor executor) throws Exception {
        Lane lane = executor.newLane();
        Future<?> opponentEnds = duel(round -> {
            lane.pause();
            lane.resume();
        });
        for (int round = 1; goesOn(round); round++) {
            CountingTask task = newTask();
            toStart = round;
            spin();
            assertThat(lane.submit(task)).isTrue();
            lane.flush();
            task.awaitEnd();
        }
        opponentEnds.get();
    }

    /** No task ever runs, so only being dropped ends it. */
    private void close(HandlerExecutor executor, boolean paused) throws Exception {
        Lane[] lanes = new Lane[MOST_ROUNDS + 1];
        Future<?> opponentEnds = duel(round -> lanes[round].close());
        for (int round = 1; goesOn(round); round++) {
            lanes[round] = executor.newLane();
            if (paused) {
                lanes[round].pause();
            }
            CountingTask task = newTask();
            toStart = round;
            spin();
            assertThat(lanes[round].submit(task)).isTrue();
            lanes[round].flush();
            task.awaitEnd();
        }
        opponentEnds.get();
        for (int round = 1; round <= last; round++) {
            assertThat(lanes[round].queued()).isZero();
        }
    }

    /** Has another thread do something in each round, at about the time when the round starts. */
    private Future<?> duel(Action action) {
        return opponent.submit(() -> {
            for (int round = 1; ; round++) {
                for (int turns = 0; toStart < round; turns++) {
                    relax(turns);
                }
                if (round > last) { // which is set before toStart
                    return;
                }
                action.inRound(round);
            }
        });
    }

    private CountingTask newTask() {
        CountingTask task = new CountingTask();
        tasks.add(task);
        return task;
    }

    /** Short delays more often than long ones. */
    private void spin() {
        for (int i = random.nextInt(1 << random.nextInt(9)); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /** Meets the other thread within nanoseconds if both have a core, and leaves it the only one otherwise. */
    private static void relax(int turns) {
        if (turns < 1_000) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @FunctionalInterface
    private interface Action {
        void inRound(int round);
    }

    private static final class CountingTask implements HandlerTask {
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public void run() {
            ends.incrementAndGet();
        }

        @Override
        public void dropped() {
            ends.incrementAndGet();
        }

        @Override
        public String name() {
            return "race.Service/Method";
        }

        void awaitEnd() {
            for (int turns = 0; ends.get() == 0; turns++) {
                relax(turns);
            }
        }
    }
}
