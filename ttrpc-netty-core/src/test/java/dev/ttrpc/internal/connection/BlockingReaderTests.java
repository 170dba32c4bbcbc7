package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.Deadline;
import dev.ttrpc.Marshaller;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.stream.InboundQueue;
import dev.ttrpc.internal.stream.ReceiveBudget;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.stream.SharedReceiveBudget;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlockingReaderTests {
    private final InboundQueue input = new InboundQueue(
            new ReceiveBudget(1000, new SharedReceiveBudget(Long.MAX_VALUE / 2, task -> {}), () -> {}, () -> {}));
    private final Half half = new Half();
    private final BlockingReader<String> reader = new BlockingReader<>(half, input, new NoMarshaller());

    @Test
    void goodEndThatComesWhileTheReaderLooksIsAGoodEnd() {
        half.whenAsked = () -> {
            half.ended = Status.OK;
            input.end(Status.OK);
        };
        assertThat(reader.read()).isNull();
    }

    @Test
    void endIsNoReasonToGiveUp() {
        half.ended = Status.OK;
        assertThat(MessageSender.reasonToGiveUp(half)).isNull();
        half.ended = Status.ABORTED;
        assertThat(MessageSender.reasonToGiveUp(half)).isNull();
    }

    @Test
    void deadlineThatHasPassedIsOne() {
        half.deadline = Deadline.after(Duration.ofSeconds(-1));
        assertThatThrownBy(reader::read)
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        e -> assertThat(e.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
        assertThat(half.failed).isNotNull();
    }

    @Test
    void interruptIsOneAndKeepsTheFlag() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(reader::read).hasMessageContaining("CANCELLED: interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** A half of no connection, which does something when it is asked for its end. */
    private static final class Half implements StreamHalf {
        private Runnable whenAsked = () -> {};
        private @Nullable Status ended;
        private @Nullable Status failed;
        private @Nullable Deadline deadline;

        @Override
        public @Nullable Status ended() {
            Status before = ended;
            whenAsked.run();
            return before;
        }

        @Override
        public @Nullable Deadline deadline() {
            return deadline;
        }

        @Override
        public TtrpcException failure(Status status) {
            return new TtrpcException(status.isOk() ? Status.CANCELLED : status, TtrpcException.Origin.LIBRARY, null);
        }

        @Override
        public void fail(Status status) {
            failed = status;
        }

        @Override
        public void failNow(Status status) {
            failed = status;
        }

        @Override
        public LoopQueue queue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SendBudget sendBudget() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int maxMessage() {
            return 1000;
        }

        @Override
        public int streamId() {
            return 1;
        }

        @Override
        public @Nullable FrameWriter writerOrNull() {
            return null;
        }

        @Override
        public void sent(Object message) {}

        @Override
        public void received(Object message) {}

        @Override
        public void readerClosed() {}
    }

    /** There are no messages. */
    private static final class NoMarshaller implements Marshaller<String> {
        @Override
        public int size(String message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String message, ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String parse(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }
    }
}
