package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Deadline;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.stream.SendBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MessageSenderTests {
    private final SendBudget budget = new SendBudget(10, null);

    @Test
    void writerWhoseEventLoopHasEndedLeavesNoPlaceInTheQueueOfOutput() {
        assertThat(budget.tryReserve(10)).isTrue();
        assertThatThrownBy(() -> MessageSender.reserveWaiting(new LostHalf(budget), 5, null))
                .isInstanceOf(ConnectionLostException.class);
        assertThat(budget.isWaited()).isFalse();
        budget.release(10);
        assertThat(budget.reserved()).isZero();
    }

    /** A half whose deadline has passed, and whose event loop cannot be told. */
    private record LostHalf(SendBudget sendBudget) implements StreamHalf {
        @Override
        public void fail(Status status) {
            throw new ConnectionLostException("the event loop has ended", true, null);
        }

        @Override
        public Deadline deadline() {
            return Deadline.after(Duration.ofSeconds(-1));
        }

        @Override
        public @Nullable Status ended() {
            return null;
        }

        @Override
        public void failNow(Status status) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TtrpcException failure(Status status) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LoopQueue queue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int maxMessage() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int streamId() {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable FrameWriter writerOrNull() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sent(Object message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void received(Object message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readerClosed() {
            throw new UnsupportedOperationException();
        }
    }
}
