package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.ttrpc.StatusCode;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.testing.BlockingCheck;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A buffer that cannot be had ends what needs it, and leaves no reservation behind. */
@ExtendWith(BlockingCheck.class)
class OutOfMemoryTests {
    /** Has no memory left. */
    private static final class Exhausted extends AbstractByteBufAllocator {
        Exhausted() {
            super(true);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("no direct memory");
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("no heap");
        }
    }

    private static EmbeddedChannel exhausted() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(new Exhausted());
        return channel;
    }

    @Test
    void frameWithoutABufferReleasesItsReservationAndClosesTheConnection() {
        EmbeddedChannel channel = exhausted();
        SendBudget budget = new SendBudget(100, null);
        FrameWriter writer = new FrameWriter(channel, budget, () -> {});
        assertThat(budget.tryReserve(60)).isTrue();
        assertThatThrownBy(() -> writer.begin(60)).isInstanceOf(OutOfMemoryError.class);
        assertThat(budget.reserved()).isZero();
        assertThat(channel.isOpen()).isFalse();
        writer.close();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void frameThatIsNotWrittenClosesTheConnection() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ((ByteBuf) message).release();
                promise.setFailure(new OutOfMemoryError("no direct memory"));
            }
        });
        SendBudget budget = new SendBudget(100, null);
        FrameWriter writer = new FrameWriter(channel, budget, () -> {});
        budget.force(10);
        writer.begin(10).writeZero(10);
        writer.flush();
        assertThat(budget.reserved()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void largeMessageWithoutABufferReleasesItsReservationAndEndsItsCall() {
        SendBudget budget = new SendBudget(100_000, null);
        StreamHalf half = mock(StreamHalf.class);
        when(half.sendBudget()).thenReturn(budget);
        assertThat(budget.tryReserve(50_000)).isTrue();
        assertThat(LargeFrames.encode(new Exhausted(), half, 50_000, out -> {})).isNull();
        assertThat(budget.reserved()).isZero();
        verify(half).fail(argThat(status -> status.code() == StatusCode.RESOURCE_EXHAUSTED));
    }

    @Test
    void largeMessageThatCannotBeEncodedReleasesItsReservationAndItsBuffer() {
        SendBudget budget = new SendBudget(100_000, null);
        StreamHalf half = mock(StreamHalf.class);
        when(half.sendBudget()).thenReturn(budget);
        assertThat(budget.tryReserve(50_000)).isTrue();
        assertThat(LargeFrames.encode(half, 50_000, out -> {
                    throw new IOException("changed");
                }))
                .isNull();
        assertThat(budget.reserved()).isZero();
        verify(half).fail(argThat(status -> status.code() == StatusCode.INTERNAL));
    }

    @Test
    void readWithoutABufferClosesTheConnectionAndTakesNothingBehindIt() {
        List<String> events = new ArrayList<>();
        EmbeddedChannel channel = exhausted();
        channel.pipeline().addLast(new FrameReader(Wire.DEFAULT_MAX_MESSAGE, new ConnectionEvents() {
            @Override
            public void onActive() {}

            @Override
            public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
                events.add("frame " + streamId);
            }

            @Override
            public void onOversizedFrame(int streamId, int type, int flags, int length) {}

            @Override
            public void onBrokenLength(int length) {
                events.add("broken");
            }

            @Override
            public void onReadComplete() {}

            @Override
            public void onClosed(@Nullable Throwable cause) {
                events.add("closed by " + cause);
            }
        }));
        ByteBuf whole =
                Unpooled.buffer().writeInt(0).writeInt(1).writeByte(Wire.DATA).writeByte(0);
        ByteBuf part = Unpooled.buffer()
                .writeInt(100)
                .writeInt(3)
                .writeByte(Wire.DATA)
                .writeByte(0)
                .writeZero(10);
        ByteBuf rest = Unpooled.buffer().writeZero(90);
        channel.writeInbound(Unpooled.wrappedBuffer(whole, part), rest); // in one loop of reads
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("frame 1", "closed by java.lang.OutOfMemoryError: no direct memory");
    }
}
