package dev.ttrpc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallbackThreadsTests {
    private static final int LIMIT = 256;

    private final CallbackThreads threads = new CallbackThreads();
    private final ThreadPoolExecutor pool = (ThreadPoolExecutor) threads.executor();

    @AfterEach
    void end() {
        threads.destroy();
    }

    @Test
    void anIdleThreadIsUsedAgain() {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            int expected = i + 1;
            pool.execute(() -> used.add(Thread.currentThread()));
            await().until(() -> pool.getCompletedTaskCount() >= expected && pool.getActiveCount() == 0);
        }
        assertThat(used).hasSizeLessThan(10).allMatch(Thread::isDaemon);
    }

    @Test
    void whenAllThreadsWaitFurtherCallbacksQueueAndNoneIsLost() throws InterruptedException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(LIMIT);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 2 * LIMIT; i++) {
            pool.execute(() -> {
                begun.countDown();
                awaitQuietly(mayEnd);
                done.incrementAndGet();
            });
        }
        begun.await();
        assertThat(pool.getPoolSize()).isEqualTo(LIMIT);
        assertThat(pool.getQueue()).hasSize(LIMIT);
        mayEnd.countDown();
        await().untilAsserted(() -> assertThat(done).hasValue(2 * LIMIT));
    }

    @Test
    void onceClosedItSaysSo() {
        threads.destroy();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {}));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
