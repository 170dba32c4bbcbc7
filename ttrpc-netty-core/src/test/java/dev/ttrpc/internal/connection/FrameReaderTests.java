package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.internal.codec.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameReaderTests implements ConnectionEvents {
    private final List<Integer> frames = new ArrayList<>();
    private final FrameReader reader = new FrameReader(Wire.DEFAULT_MAX_MESSAGE, this);
    private int reads;
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext context) {
                    reads++;
                    context.read();
                }
            },
            reader);

    @Override
    public void onActive() {}

    @Override
    public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
        frames.add(length);
    }

    @Override
    public void onOversizedFrame(int streamId, int type, int flags, int length) {}

    @Override
    public void onBrokenLength(int length) {}

    @Override
    public void onReadComplete() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}

    @SuppressWarnings("deprecation") // the type that Netty's own allocator returns
    private int nextRead() {
        return channel.config().getRecvByteBufAllocator().newHandle().guess();
    }

    private static ByteBuf beginOfAFrame(int length, int there) {
        return Unpooled.buffer()
                .writeInt(length)
                .writeInt(1)
                .writeByte(Wire.DATA)
                .writeByte(0)
                .writeZero(there);
    }

    @Test
    void pauseFinishesTheFrameUnderWayWithReadsOfItsSizeAndReadsNoMore() {
        channel.writeInbound(beginOfAFrame(1000, 100));
        reader.pause(FrameReader.Pause.OUTPUT_WAITS, true);
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(nextRead()).as("what the frame lacks").isEqualTo(900);
        int asked = reads;
        channel.writeInbound(Unpooled.buffer().writeZero(300));
        assertThat(reads).as("asked for the rest").isGreaterThan(asked);
        assertThat(nextRead()).isEqualTo(600);
        asked = reads;
        channel.writeInbound(Unpooled.buffer().writeZero(600));
        assertThat(frames).containsExactly(1000);
        assertThat(reads).as("the frame is whole").isEqualTo(asked);
        channel.finishAndReleaseAll();
    }

    @Test
    void readingGoesOnWhenTheLastReasonIsGone() {
        reader.pause(FrameReader.Pause.OUTPUT_WAITS, true);
        reader.pause(FrameReader.Pause.RECEIVE_BUDGET, true);
        reader.pause(FrameReader.Pause.OUTPUT_WAITS, false);
        assertThat(channel.config().isAutoRead()).isFalse();
        reader.pause(FrameReader.Pause.RECEIVE_BUDGET, false);
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }
}
