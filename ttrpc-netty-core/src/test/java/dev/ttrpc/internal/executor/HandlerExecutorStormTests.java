package dev.ttrpc.internal.executor;

import static dev.ttrpc.internal.executor.RecordedTask.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import dev.ttrpc.internal.executor.HandlerExecutor.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Many lanes, each with its own submitter, while others pause, resume and close them: every task ends once. */
class HandlerExecutorStormTests {
    private static final int LANES = 6;
    private static final int TASKS_OF_A_LANE = 8_000;
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void poolRunsEveryTaskOnceWhileLanesArePausedAndResumed() {
        try (HandlerExecutor pool = HandlerExecutor.pool(8, 500, LONG, "storm-")) {
            Storm storm = new Storm(pool, false);

            storm.blow();

            assertThat(storm.dropped).hasValue(0);
        }
    }

    @Test
    void poolOfOneThreadThatEndsWheneverItIsIdleRunsEveryTaskOnce() {
        try (HandlerExecutor pool = HandlerExecutor.pool(1, 500, Duration.ZERO, "storm-")) {
            new Storm(pool, false).blow();
        }
    }

    @Test
    void poolOfThreadsThatEndSoonRunsEveryTaskOnce() {
        try (HandlerExecutor pool = HandlerExecutor.pool(4, 50, Duration.ofNanos(50_000), "storm-")) {
            new Storm(pool, false).blow();
        }
    }

    @Test
    void poolRunsOrDropsEveryTaskOnceWhileLanesClose() {
        for (int round = 0; round < 5; round++) {
            try (HandlerExecutor pool = HandlerExecutor.pool(4, 500, LONG, "storm-")) {
                new Storm(pool, true).blow();
            }
        }
    }

    @Test
    void poolThatIsHandedTasksOneByOneRunsEachAtOnce() {
        try (HandlerExecutor pool = HandlerExecutor.pool(3, 500, LONG, "storm-")) {
            Lane lane = pool.newLane();
            for (int i = 0; i < 5_000; i++) {
                RecordedTask task = new RecordedTask();
                assertThat(lane.submit(task)).isTrue();
                lane.flush();
                task.awaitEnded();
            }
        }
    }

    @Test
    void handlersThatWaitForTheNextOfTheirBatchAllEnd() {
        int threads = 16;
        try (HandlerExecutor pool = HandlerExecutor.pool(threads, 500, LONG, "storm-")) {
            Lane lane = pool.newLane();
            for (int round = 0; round < 300; round++) {
                CountDownLatch together = new CountDownLatch(threads);
                List<RecordedTask> tasks = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    tasks.add(new RecordedTask(() -> {
                        together.countDown();
                        RecordedTask.await(together);
                    }));
                }
                tasks.forEach(lane::submit);
                lane.flush();
                tasks.forEach(RecordedTask::awaitEnded);
            }
        }
    }

    @Test
    void usersExecutorRunsEveryTaskOnceWhileLanesArePausedAndResumed() {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Storm storm = new Storm(HandlerExecutor.of(threads, 500), false);

            storm.blow();

            assertThat(storm.dropped).hasValue(0);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void usersExecutorRunsOrDropsEveryTaskOnceWhileItRefusesSomeAndLanesClose() {
        for (int round = 0; round < 5; round++) {
            ExecutorService threads = new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(20));
            try {
                new Storm(HandlerExecutor.of(threads, 500), true).blow();
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void virtualThreadsRunEveryTaskOnceWhileLanesArePausedAndResumed() {
        Executor virtualThreads = HandlerExecutor.virtualThreads();
        assumeTrue(virtualThreads != null, "virtual threads are there from JDK 21");

        new Storm(HandlerExecutor.of(virtualThreads, 500), false).blow();
    }

    private static final class Storm {
        private final HandlerExecutor executor;
        private final boolean lanesClose;
        private final List<Lane> lanes = new ArrayList<>();
        private final AtomicIntegerArray ends = new AtomicIntegerArray(LANES * TASKS_OF_A_LANE);
        private final CountDownLatch left = new CountDownLatch(LANES * TASKS_OF_A_LANE);
        private final AtomicInteger dropped = new AtomicInteger();
        private final AtomicInteger submitting = new AtomicInteger(LANES);

        Storm(HandlerExecutor executor, boolean lanesClose) {
            this.executor = executor;
            this.lanesClose = lanesClose;
            for (int i = 0; i < LANES; i++) {
                lanes.add(executor.newLane());
            }
        }

        void blow() {
            for (int i = 0; i < LANES; i++) {
                int lane = i;
                new Thread(() -> submitAll(lane)).start();
            }
            SplittableRandom random = new SplittableRandom(1);
            while (submitting.get() > 0) {
                Lane lane = lanes.get(random.nextInt(LANES));
                lane.pause();
                if (random.nextBoolean()) {
                    Thread.yield();
                }
                lane.resume();
                if (lanesClose && random.nextInt(1_000) == 0) {
                    lane.close();
                }
            }
            RecordedTask.await(left);
            for (int i = 0; i < ends.length(); i++) {
                assertThat(ends.get(i)).as("ends of task %s", i).isEqualTo(1);
            }
            soon().until(executor::running, running -> running == 0);
            soon().until(executor::queued, queued -> queued == 0);
            assertThat(lanes).allSatisfy(lane -> assertThat(lane.queued()).isZero());
        }

        private void submitAll(int lane) {
            SplittableRandom random = new SplittableRandom(lane);
            int untilFlush = 1;
            for (int i = 0; i < TASKS_OF_A_LANE; i++) {
                HandlerTask task = task(lane * TASKS_OF_A_LANE + i);
                while (!lanes.get(lane).submit(task)) {
                    lanes.get(lane).flush();
                    Thread.yield();
                }
                if (--untilFlush == 0) {
                    lanes.get(lane).flush();
                    untilFlush = 1 + random.nextInt(20);
                }
            }
            lanes.get(lane).flush();
            submitting.decrementAndGet();
        }

        private HandlerTask task(int number) {
            return new HandlerTask() {
                @Override
                public void run() {
                    ends.incrementAndGet(number);
                    left.countDown();
                }

                @Override
                public void dropped() {
                    dropped.incrementAndGet();
                    run();
                }

                @Override
                public String name() {
                    return "storm.Service/Method";
                }
            };
        }
    }
}
