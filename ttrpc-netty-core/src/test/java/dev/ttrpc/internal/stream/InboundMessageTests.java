package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundMessageTests {
    private final ByteBuf read =
            PooledByteBufAllocator.DEFAULT.directBuffer(64 << 10, 64 << 10).writeZero(64 << 10);

    @AfterEach
    void release() {
        assertThat(read.refCnt()).isEqualTo(1);
        read.release();
    }

    private void assertCounts(int length, int weight, int holds) {
        InboundMessage message = InboundMessage.of(read, 0, length);
        assertThat(message.weight()).isEqualTo(weight);
        assertThat(message.bytes().remaining()).isEqualTo(length);
        assertThat(read.refCnt() - 1).isEqualTo(holds);
        message.release();
    }

    @Test
    void messageBelowFourKiBIsCopiedAndCountsItsLengthAnd256() {
        assertCounts(0, 256, 0);
        assertCounts(1, 257, 0);
        assertCounts(4095, 4095 + 256, 0);
    }

    @Test
    void messageBelowFourKiBIsCopiedAlsoOutOfABufferThatItFills() {
        assertCountsOfWhole(4095, 0);
        assertCountsOfWhole(4096, 1);
    }

    private static void assertCountsOfWhole(int length, int holds) {
        ByteBuf whole =
                PooledByteBufAllocator.DEFAULT.directBuffer(length, length).writeZero(length);
        InboundMessage message = InboundMessage.of(whole, 0, length);
        assertThat(message.weight()).isEqualTo(length + 256);
        assertThat(whole.refCnt() - 1).isEqualTo(holds);
        message.release();
        whole.release();
    }

    @Test
    void largerOneThatFillsHalfTheReadBufferCountsAllThatItPins() {
        assertCounts(32 << 10, (64 << 10) + 256, 1);
        assertCounts(64 << 10, (64 << 10) + 256, 1);
    }

    @Test
    void largerOneThatWouldPinMoreThanTwiceItsLengthIsCopied() {
        assertCounts(4096, 4096 + 256, 0);
        assertCounts((32 << 10) - 1, (32 << 10) - 1 + 256, 0);
    }
}
