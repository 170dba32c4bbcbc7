package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboundQueueTests {
    private static final int LIMIT = 10 * InboundMessage.OVERHEAD;

    private final AtomicInteger resumed = new AtomicInteger();
    private final ReceiveBudget budget = new ReceiveBudget(
            LIMIT, new SharedReceiveBudget(Long.MAX_VALUE / 2, task -> {}), () -> {}, resumed::incrementAndGet);
    private final InboundQueue queue = new InboundQueue(budget);

    @Test
    void emptyMessagesCountToo() {
        add(queue, 0);
        assertThat(budget.held()).isEqualTo(InboundMessage.OVERHEAD);
        take(queue);
        assertThat(budget.held()).isZero();
    }

    @Test
    void aboveTheBudgetReadingPausesAndBelowItGoesOnOnce() {
        for (int i = 0; i < 10; i++) {
            add(queue, 0);
            assertThat(budget.pauseIfOver()).isFalse();
        }
        add(queue, 0);
        assertThat(budget.pauseIfOver()).isTrue();
        assertThat(budget.isPaused()).isTrue();
        take(queue);
        take(queue);
        assertThat(resumed).hasValue(1);
        assertThat(budget.isPaused()).isFalse();
    }

    @Test
    void endStandsBehindWhatWasReceived() {
        add(queue, 1);
        queue.end(Status.OK);
        add(queue, 1);
        assertThat(queue.end()).isEqualTo(Status.OK);
        take(queue);
        assertThat(queue.poll()).isNull();
        assertThat(budget.held()).isZero();
    }

    @Test
    void firstEndWins() {
        queue.end(Status.ABORTED);
        queue.end(Status.OK);
        assertThat(queue.end()).isEqualTo(Status.ABORTED);
    }

    @Test
    void cancellationThrowsAwayWhatNobodyTook() {
        add(queue, 100_000);
        queue.endNow(Status.CANCELLED);
        assertThat(queue.poll()).isNull();
        assertThat(queue.end()).isEqualTo(Status.CANCELLED);
        assertThat(budget.held()).isZero();
    }

    @Test
    void discardedQueueKeepsNothing() {
        add(queue, 5000);
        queue.discard();
        add(queue, 5000);
        assertThat(budget.held()).isZero();
    }

    @Test
    void streamsThatAreOverAreForgotten() {
        for (boolean endsFirst : new boolean[] {true, false}) {
            InboundQueue drained = new InboundQueue(budget);
            add(drained, 1);
            if (endsFirst) {
                drained.end(Status.OK);
                take(drained);
            } else {
                take(drained);
                drained.end(Status.OK);
            }
        }
        InboundQueue cancelled = new InboundQueue(budget);
        add(cancelled, 1);
        cancelled.endNow(Status.CANCELLED);
        InboundQueue discarded = new InboundQueue(budget);
        add(discarded, 1);
        discarded.discard();
        assertThat(budget.holders()).isZero();
    }

    @Test
    void onlyTheStreamThatDidNotMoveIsStalled() {
        InboundQueue idle = new InboundQueue(budget);
        InboundQueue idleAndSmall = new InboundQueue(budget);
        add(queue, 2000);
        add(queue, 2000);
        add(idle, 10);
        add(idle, 1000);
        add(idleAndSmall, 10);
        take(idle); // before the pause, which begins here
        budget.beginLook();
        take(queue);
        assertThat(budget.stalled().get(0).queue()).isSameAs(idle);
        take(idle);
        assertThat(budget.stalled().get(0).queue()).isSameAs(queue);
        queue.discard();
        assertThat(budget.stalled().get(0).queue()).isSameAs(idleAndSmall);
        idleAndSmall.discard();
    }

    @Test
    void smallMessagesDoNotHoldTheReadBuffer() {
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(64 << 10).writeZero(64 << 10);
        InboundMessage small = InboundMessage.of(read, 10, 100);
        InboundMessage middle = InboundMessage.of(read, 0, 5000);
        InboundMessage large = InboundMessage.of(read, 0, 60_000);
        assertThat(read.refCnt()).isEqualTo(2);
        assertThat(small.weight()).isEqualTo(100 + InboundMessage.OVERHEAD);
        assertThat(middle.weight()).isEqualTo(5000 + InboundMessage.OVERHEAD);
        assertThat(large.weight()).isEqualTo((64 << 10) + InboundMessage.OVERHEAD);
        assertThat(large.bytes().remaining()).isEqualTo(60_000);
        small.release();
        middle.release();
        large.release();
        read.release();
    }

    private static void add(InboundQueue queue, int length) {
        ByteBuf source =
                PooledByteBufAllocator.DEFAULT.buffer(Math.max(1, length)).writeZero(length);
        queue.add(InboundMessage.of(source, 0, length));
        source.release();
    }

    private static void take(InboundQueue queue) {
        InboundMessage message = queue.poll();
        assertThat(message).isNotNull();
        message.release();
    }
}
