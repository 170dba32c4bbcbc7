package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendBudgetTests {
    private final List<String> log = new ArrayList<>();

    @Test
    void whoAsksFirstIsServedFirst() {
        SendBudget budget = new SendBudget(100, null);
        assertThat(budget.tryReserve(80)).isTrue();
        budget.reserve(60, () -> log.add("60"));
        budget.reserve(10, () -> log.add("10"));
        assertThat(budget.tryReserve(1)).as("nobody overtakes").isFalse();
        assertThat(log).isEmpty();
        budget.release(80);
        assertThat(log).containsExactly("60", "10");
        assertThat(budget.reserved()).isEqualTo(70);
    }

    @Test
    void whatIsLargerThanAllGoesAlone() {
        SendBudget budget = new SendBudget(100, null);
        assertThat(budget.tryReserve(1)).isTrue();
        budget.reserve(5000, () -> log.add("large"));
        assertThat(log).isEmpty();
        budget.release(1);
        assertThat(log).containsExactly("large");
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(5000);
        assertThat(budget.tryReserve(1)).isTrue();
    }

    @Test
    void whoLeavesTheQueueHoldsNobodyUp() {
        SendBudget budget = new SendBudget(100, null);
        assertThat(budget.tryReserve(90)).isTrue();
        SendBudget.Waiter large = budget.reserve(60, () -> log.add("60"));
        budget.reserve(10, () -> log.add("10"));
        assertThat(large.cancel()).isTrue();
        assertThat(log).containsExactly("10");
        assertThat(large.cancel()).isFalse();
    }

    @Test
    void whoIsCancelledBeforeHeJoinsNeverDoes() {
        SendBudget budget = new SendBudget(100, null);
        SendBudget.Waiter waiter = budget.waiter(60, () -> log.add("60"));
        assertThat(waiter.cancel()).isTrue();
        waiter.join();
        assertThat(log).isEmpty();
        assertThat(budget.isWaited()).isFalse();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void listenerHearsWhenTheFirstWaitsAndWhenNoneIsLeft() {
        SendBudget budget = new SendBudget(100, waiting -> log.add("waiting " + waiting));
        assertThat(budget.tryReserve(100)).isTrue();
        budget.reserve(1, () -> log.add("a"));
        budget.reserve(1, () -> log.add("b"));
        budget.release(100);
        assertThat(log).containsExactly("waiting true", "a", "b", "waiting false");
    }

    @Test
    void listenerHearsWhenABudgetThatWasUsedUpHasRoomAgain() {
        SendBudget budget = new SendBudget(100, waiting -> log.add("waiting " + waiting));
        assertThat(budget.tryReserve(100)).isTrue();
        budget.force(50);
        budget.release(50);
        assertThat(log).isEmpty();
        budget.release(60);
        budget.release(40);
        assertThat(log).containsExactly("waiting false");
    }

    @Test
    void shortFramesMayOverdraw() {
        SendBudget budget = new SendBudget(100, null);
        budget.force(150);
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(150);
        assertThat(budget.tryReserve(100)).isTrue();
    }

    @Test
    void noGrantIsLostBetweenManyThreads() throws Exception {
        SendBudget budget = new SendBudget(10, null);
        AtomicLong granted = new AtomicLong();
        int threads = 4;
        int rounds = 5000;
        CyclicBarrier round = new CyclicBarrier(threads); // behind which no later release makes up for a lost one
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int size = t % 3 == 0 ? 15 : 1 + t;
            new Thread(() -> {
                        Semaphore turn = new Semaphore(0);
                        for (int i = 0; i < rounds; i++) {
                            await(round);
                            if (!budget.tryReserve(size)) {
                                Thread.yield();
                                budget.reserve(size, turn::release);
                                turn.acquireUninterruptibly();
                            }
                            granted.incrementAndGet();
                            Thread.yield(); // so that others find it taken
                            budget.release(size);
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(granted).hasValue((long) threads * rounds);
        assertThat(budget.reserved()).isZero();
        assertThat(budget.isWaited()).isFalse();
    }

    private static void await(CyclicBarrier round) {
        try {
            round.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
