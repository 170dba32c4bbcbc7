package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedReceiveBudgetTests {
    private static final int STEP = SharedReceiveBudget.STEP;

    private final List<String> log = new ArrayList<>();
    private final Queue<Runnable> reviews = new ArrayDeque<>();
    private final SharedReceiveBudget shared = new SharedReceiveBudget(100 * STEP, reviews::add);

    private ReceiveBudget connection(String name) {
        ReceiveBudget[] made = new ReceiveBudget[1];
        made[0] = new ReceiveBudget(
                1000 * STEP,
                shared,
                () -> {
                    if (made[0].pauseIfOver()) {
                        log.add(name + " pauses");
                    }
                },
                () -> log.add(name + " resumes"));
        return made[0];
    }

    private void review() {
        for (Runnable review = reviews.poll(); review != null; review = reviews.poll()) {
            review.run();
        }
    }

    @Test
    void aboveTheLimitWhoeverHoldsMoreThanAnEqualPartPauses() {
        ReceiveBudget large = connection("large");
        ReceiveBudget small = connection("small");
        small.add(30 * STEP);
        large.add(70 * STEP);
        review();
        assertThat(log).as("at the limit").isEmpty();
        small.add(STEP);
        review();
        assertThat(small.pauseIfOver()).isFalse();
        assertThat(log).as("the one that got nothing now").containsExactly("large pauses");
        large.take(STEP);
        review();
        assertThat(log).containsExactly("large pauses", "large resumes");
    }

    @Test
    void equalPartIsSmallerTheMoreConnectionsHoldSomething() {
        ReceiveBudget large = connection("large");
        ReceiveBudget middle = connection("middle");
        large.add(61 * STEP);
        middle.add(40 * STEP);
        review();
        assertThat(log).containsExactly("large pauses");
        ReceiveBudget third = connection("third");
        third.add(STEP);
        review();
        assertThat(log).containsExactly("large pauses", "middle pauses");
        assertThat(third.pauseIfOver()).isFalse();
        third.take(STEP);
        review();
        assertThat(log).containsExactly("large pauses", "middle pauses", "middle resumes");
    }

    @Test
    void aboveTwiceTheLimitWhoeverHoldsAnythingPauses() {
        ReceiveBudget large = connection("large");
        ReceiveBudget little = connection("little");
        ReceiveBudget nothing = connection("nothing");
        little.add(1);
        large.add(200 * STEP);
        review();
        assertThat(little.pauseIfOver()).isFalse();
        large.add(STEP);
        review();
        assertThat(little.pauseIfOver()).isTrue();
        assertThat(nothing.pauseIfOver()).isFalse();
        assertThat(log).contains("large pauses").doesNotContain("nothing pauses");
        little.take(1);
        assertThat(log).endsWith("little resumes");
        large.take(STEP);
        review();
        assertThat(large.isPaused()).as("it holds more than its part").isTrue();
    }

    @Test
    void senderIsNotQuickerThanItsOwnPause() {
        ReceiveBudget greedy = connection("greedy");
        greedy.add(101 * STEP);
        assertThat(greedy.pauseIfOver()).as("with no review yet").isTrue();
    }

    @Test
    void aboveTwiceTheLimitWhoHoldsNoMoreThanItsPartWaitsForOneStallTimeOutAndIsNotToBlame() {
        ReceiveBudget large = connection("large");
        ReceiveBudget little = connection("little");
        little.add(30 * STEP);
        large.add(180 * STEP);
        review();
        assertThat(little.isPaused()).isTrue();
        assertThat(large.surplus()).isEqualTo(130L * STEP);
        assertThat(large.spare()).isFalse();
        assertThat(large.isPaused()).isTrue();
        assertThat(little.surplus()).isZero();
        assertThat(little.spare()).isTrue();
        assertThat(log).endsWith("little resumes");
        little.add(20 * STEP);
        assertThat(little.pauseIfOver()).as("no more than its part").isFalse();
        little.add(STEP);
        assertThat(little.pauseIfOver()).isTrue();
        assertThat(little.spare()).isFalse();
    }

    @Test
    void whoWasSparedOnceWaitsAgainWhenTheyHoldTwiceTheLimitAgain() {
        ReceiveBudget large = connection("large");
        ReceiveBudget little = connection("little");
        little.add(STEP);
        large.add(200 * STEP);
        review();
        assertThat(little.spare()).isTrue();
        large.take(100 * STEP);
        review();
        assertThat(little.pauseIfOver()).isFalse();
        large.add(100 * STEP);
        review();
        assertThat(little.isPaused()).isTrue();
    }

    @Test
    void aboveThreeTimesTheLimitAlsoWhoHoldsNoMoreThanItsPartWaitsUntilTheOthersHoldLess() {
        ReceiveBudget large = connection("large");
        ReceiveBudget little = connection("little");
        little.add(STEP);
        large.add(300 * STEP);
        review();
        assertThat(little.spare()).as("it is not to blame").isTrue();
        assertThat(little.isPaused()).isTrue();
        large.take(STEP);
        review();
        assertThat(little.isPaused()).isFalse();
        assertThat(large.isPaused()).isTrue();
    }

    @Test
    void onesOwnLimitHoldsAllTheSame() {
        ReceiveBudget budget = new ReceiveBudget(10, shared, () -> {}, () -> log.add("resumes"));
        budget.add(11);
        assertThat(budget.pauseIfOver()).isTrue();
        assertThat(shared.held()).isZero();
        budget.take(1);
        assertThat(log).containsExactly("resumes");
    }

    @Test
    void pauseEndsByWhatOneTakesOneselfWhateverTheOthersHold() {
        ReceiveBudget other = connection("other");
        ReceiveBudget own = connection("own");
        other.add(150 * STEP);
        own.add(51 * STEP);
        review();
        assertThat(own.isPaused()).isTrue();
        own.take(51 * STEP);
        assertThat(own.isPaused()).isFalse();
    }

    @Test
    void smallMessagesChangeNothingForTheOthers() {
        ReceiveBudget connection = connection("small");
        for (int i = 0; i < 100; i++) {
            connection.add(STEP - 1);
            connection.take(STEP - 1);
        }
        assertThat(shared.held()).isZero();
        assertThat(shared.members()).isZero();
    }

    @Test
    void whatAClosedConnectionHoldsCountsNoMore() {
        ReceiveBudget gone = connection("gone");
        ReceiveBudget left = connection("left");
        left.add(60 * STEP);
        gone.add(60 * STEP);
        review();
        assertThat(left.isPaused()).isTrue();
        gone.close();
        review();
        assertThat(left.isPaused()).isFalse();
        gone.take(60 * STEP);
        gone.add(70 * STEP);
        gone.close();
        review();
        assertThat(shared.held()).isEqualTo(60L * STEP);
        assertThat(shared.members()).isEqualTo(1);
        assertThat(shared.holders()).isEqualTo(1);
    }

    @Test
    void connectionThatCannotBeToldKeepsNobodyElseFromBeingTold() {
        for (int i = 0; i < 10; i++) {
            ReceiveBudget gone = new ReceiveBudget(
                    1000 * STEP,
                    shared,
                    () -> {
                        throw new IllegalStateException("its event loop has ended");
                    },
                    () -> {});
            gone.add(15 * STEP);
        }
        ReceiveBudget there = connection("there");
        there.add(15 * STEP);
        review();
        assertThat(log).containsExactly("there pauses");
    }

    @Test
    void noPauseIsMissedAndNoWakeUpLostBetweenManyThreads() throws Exception {
        ExecutorService reviewer = Executors.newSingleThreadExecutor();
        EventExecutorGroup loops = new DefaultEventExecutorGroup(6);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            SharedReceiveBudget all = new SharedReceiveBudget(20L * STEP, reviewer::execute);
            List<Contender> contenders = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                contenders.add(new Contender(all, loops.next()));
            }
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (Contender contender : contenders) {
                ends.add(CompletableFuture.runAsync(contender::take, threads));
                ends.add(contender.begin());
            }
            for (CompletableFuture<?> end : ends) {
                end.get(20, TimeUnit.SECONDS);
            }
            Awaitility.await().until(() -> all.share().any() == Long.MAX_VALUE);
            assertThat(all.held()).isZero();
            assertThat(all.holders()).isZero();
            assertThat(contenders).noneMatch(contender -> contender.budget.isPaused());
            contenders.forEach(contender -> contender.budget.close());
            assertThat(all.members()).isZero();
        } finally {
            reviewer.shutdownNow();
            threads.shutdownNow();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    /** A connection that gets messages on a loop of its own while it is not paused, and whose consumer takes them on another thread. */
    private static final class Contender {
        private static final int MESSAGES = 20_000;

        private final Executor loop;
        private final BlockingQueue<Integer> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> received = new CompletableFuture<>();
        private final ReceiveBudget budget;
        private int left = MESSAGES;

        Contender(SharedReceiveBudget all, Executor loop) {
            this.loop = loop;
            budget = new ReceiveBudget(
                    12L * STEP, all, () -> loop.execute(this::receive), () -> loop.execute(this::receive));
        }

        CompletableFuture<Void> begin() {
            loop.execute(this::receive);
            return received;
        }

        private void receive() {
            while (left > 0) {
                if (budget.pauseIfOver()) {
                    return;
                }
                int size = ThreadLocalRandom.current().nextInt(3 * STEP);
                left--;
                budget.add(size);
                messages.add(size);
            }
            received.complete(null);
        }

        private void take() {
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    budget.take(messages.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
