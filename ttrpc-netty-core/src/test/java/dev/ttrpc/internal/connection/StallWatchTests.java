package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Status;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.ReceiveBudget;
import dev.ttrpc.internal.stream.SharedReceiveBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which streams of which connections fail where all connections together hold too much. */
class StallWatchTests {
    private static final int STEP = 4096;

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<String> failed = new ArrayList<>();
    private final SharedReceiveBudget shared = new SharedReceiveBudget(100 * STEP, Runnable::run);

    @BeforeEach
    void stopTheClock() {
        clock.freezeTime();
    }

    @AfterEach
    void close() {
        clock.finishAndReleaseAll();
    }

    private void stallTimeOutPasses() {
        clock.advanceTimeBy(1, TimeUnit.SECONDS);
        clock.runScheduledPendingTasks();
    }

    @Test
    void aboveTwiceTheLimitStreamsOfTheGreedyConnectionFailUntilItHoldsItsPartAndNoOther() {
        Connection greedy = new Connection("greedy");
        Connection other = new Connection("other");
        other.receive("idle", 40);
        greedy.receive("small", 10);
        greedy.receive("large", 91);
        greedy.receive("middle", 60);
        assertThat(other.budget.isPaused()).isTrue();
        stallTimeOutPasses();
        assertThat(failed).containsExactly("large of greedy", "middle of greedy");
        assertThat(greedy.budget.isPaused()).isFalse();
        assertThat(other.budget.isPaused()).isFalse();
        stallTimeOutPasses();
        assertThat(failed).hasSize(2);
    }

    @Test
    void belowTwiceTheLimitOneStreamFailsForEachStallTimeOut() {
        Connection greedy = new Connection("greedy");
        greedy.receive("small", 50);
        greedy.receive("large", 75);
        greedy.receive("middle", 60);
        stallTimeOutPasses();
        assertThat(failed).containsExactly("large of greedy");
        stallTimeOutPasses();
        assertThat(failed).containsExactly("large of greedy", "middle of greedy");
        assertThat(greedy.budget.isPaused()).isFalse();
    }

    @Test
    void connectionWithinItsPartWaitsForThoseThatMoveOneStallTimeOutAtMost() {
        Connection slow = new Connection("slow");
        Connection other = new Connection("other");
        other.receive("idle", 10);
        InboundQueue moving = slow.receive("moving", 100);
        for (int i = 0; i < 200; i++) {
            slow.receive(moving, STEP);
        }
        moving.poll().release();
        assertThat(other.budget.isPaused()).isTrue();
        stallTimeOutPasses();
        assertThat(other.budget.isPaused()).isFalse();
        assertThat(slow.budget.isPaused()).isTrue();
        assertThat(failed).isEmpty();
        moving.discard();
    }

    /** A connection whose event loop is this thread. */
    private final class Connection {
        private final String name;
        private final ReceiveBudget budget = new ReceiveBudget(1000 * STEP, shared, this::pauseIfOver, this::resume);
        private final StallWatch watch = new StallWatch(clock.eventLoop(), budget, 1_000_000_000, () -> {});

        Connection(String name) {
            this.name = name;
        }

        /** A stream gets a message of so many steps. */
        InboundQueue receive(String stream, int steps) {
            InboundQueue queue = new InboundQueue(budget);
            queue.onStall(() -> {
                failed.add(stream + " of " + name);
                queue.endNow(Status.RESOURCE_EXHAUSTED);
            });
            receive(queue, steps * STEP);
            return queue;
        }

        void receive(InboundQueue queue, int bytes) {
            ByteBuf bytesOfIt = Unpooled.buffer(bytes).writeZero(bytes);
            queue.add(InboundMessage.of(bytesOfIt, 0, bytes));
            bytesOfIt.release();
            pauseIfOver();
        }

        private void pauseIfOver() {
            if (budget.pauseIfOver()) {
                watch.start();
            }
        }

        private void resume() {
            watch.stop();
        }
    }
}
