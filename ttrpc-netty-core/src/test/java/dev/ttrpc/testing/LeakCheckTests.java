package dev.ttrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakCheckTests {

    @Test
    void unreleasedBufferIsFoundWithItsTrace() {
        leakOneBuffer();
        List<String> leaks = new ArrayList<>();
        await().untilAsserted(() -> {
            leaks.addAll(LeakCheck.findLeaks());
            assertThat(leaks).singleElement().asString().contains("ByteBuf").contains("leakOneBuffer");
        });
    }

    private static void leakOneBuffer() {
        PooledByteBufAllocator.DEFAULT.directBuffer(1).writeByte(1);
    }
}
