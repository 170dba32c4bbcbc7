package dev.ttrpc.internal.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.internal.executor.HandlerExecutor.HandlerTask;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A task that says what became of it. */
class RecordedTask implements HandlerTask {
    private static final long BOUND_SECONDS = 60;

    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger drops = new AtomicInteger();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable body;
    volatile @Nullable Thread thread;

    RecordedTask() {
        this(() -> {});
    }

    RecordedTask(Runnable body) {
        this.body = body;
    }

    /** A handler that waits until the latch opens. */
    static RecordedTask waitingFor(CountDownLatch latch) {
        return new RecordedTask(() -> await(latch));
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND_SECONDS, TimeUnit.SECONDS))
                    .as("opened in time")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** Waits for a condition, looking often. */
    static ConditionFactory soon() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        runs.incrementAndGet();
        begun.countDown();
        try {
            body.run();
        } finally {
            ended.countDown();
        }
    }

    @Override
    public void dropped() {
        drops.incrementAndGet();
    }

    @Override
    public String name() {
        return "test.Service/Method";
    }

    RecordedTask awaitBegun() {
        await(begun);
        return this;
    }

    RecordedTask awaitEnded() {
        await(ended);
        return this;
    }

    void assertNeverRun() {
        assertThat(runs).hasValue(0);
    }
}
