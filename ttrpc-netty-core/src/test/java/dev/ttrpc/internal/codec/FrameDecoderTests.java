package dev.ttrpc.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameDecoderTests {
    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
    private static final int LIMIT = Wire.LEAST_MAX_MESSAGE;

    @Test
    void everySplitOfTwoFramesFindsTheSame() {
        byte[] bytes = ByteBufUtil.decodeHexDump(
                "00000003000000010102aabbcc" + "00000000000000030305" + "0000000100000005020011");
        List<String> expected = List.of("1 1 2 aabbcc", "3 3 5 ", "5 2 0 11");
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Frames frames = new Frames();
                FrameDecoder decoder = new FrameDecoder(LIMIT, frames);
                decode(decoder, bytes, 0, first);
                decode(decoder, bytes, first, second);
                decode(decoder, bytes, second, bytes.length);
                assertThat(frames.found).isEqualTo(expected);
            }
        }
    }

    @Test
    void frameOfTheLimitIsWholeAndOneByteMoreIsThrownAway() {
        Frames frames = new Frames();
        FrameDecoder decoder = new FrameDecoder(LIMIT, frames);
        ByteBuf input = Unpooled.buffer();
        input.writeInt(LIMIT).writeInt(1).writeShort(0x0100).writeZero(LIMIT);
        input.writeInt(LIMIT + 1).writeInt(3).writeShort(0x0301).writeZero(LIMIT + 1);
        input.writeInt(0).writeInt(5).writeShort(0x0300);
        byte[] bytes = ByteBufUtil.getBytes(input);
        for (int at = 0; at < bytes.length; at += 1000) {
            decode(decoder, bytes, at, Math.min(bytes.length, at + 1000));
        }
        assertThat(frames.found)
                .containsExactly("1 1 0 " + "00".repeat(LIMIT), "3 3 1 oversized " + (LIMIT + 1), "5 3 0 ");
    }

    @Test
    void announcedLengthCostsNothingUntilItArrives() {
        FrameDecoder decoder = new FrameDecoder(Wire.GREATEST_MAX_MESSAGE, new Frames());
        long before = ALLOCATOR.metric().usedDirectMemory() + ALLOCATOR.metric().usedHeapMemory();
        decode(decoder, ByteBufUtil.decodeHexDump("00ffffff000000010100" + "00"), 0, 11);
        assertThat(decoder.missing()).isEqualTo(Wire.GREATEST_MAX_MESSAGE - 1);
        assertThat(ALLOCATOR.metric().usedDirectMemory() + ALLOCATOR.metric().usedHeapMemory() - before)
                .isLessThanOrEqualTo(ALLOCATOR.metric().chunkSize());
        decoder.close();
    }

    @Test
    void firstLengthByteThatIsNotZeroEndsTheDecoding() {
        Frames frames = new Frames();
        FrameDecoder decoder = new FrameDecoder(LIMIT, frames);
        decode(decoder, ByteBufUtil.decodeHexDump("01000000000000010100" + "00000000000000030100"), 0, 20);
        assertThat(frames.found).containsExactly("broken 1000000");
    }

    @Test
    void closeLetsGoOfAFrameUnderWay() {
        Frames frames = new Frames();
        FrameDecoder decoder = new FrameDecoder(LIMIT, frames);
        decode(decoder, ByteBufUtil.decodeHexDump("00000100000000010100" + "00"), 0, 11);
        decoder.close();
        assertThat(decoder.missing()).isZero();
        assertThat(frames.found).isEmpty();
    }

    private static void decode(FrameDecoder decoder, byte[] bytes, int from, int to) {
        ByteBuf input = ALLOCATOR.buffer().writeBytes(bytes, from, to - from);
        try {
            decoder.decode(input, ALLOCATOR);
        } finally {
            input.release();
        }
    }
}
