package dev.ttrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

class LeakCheckTests {
    private static final Duration LONGEST = Duration.ofSeconds(30); // a collection may take seconds on a busy machine

    @Test
    void unreleasedBufferIsFoundWithItsTrace() {
        leakOneBuffer();
        List<String> leaks = new ArrayList<>();
        await().atMost(LONGEST).untilAsserted(() -> {
            leaks.addAll(LeakCheck.findLeaks());
            assertThat(leaks).singleElement().asString().contains("ByteBuf").contains("leakOneBuffer");
        });
    }

    @Test
    void unreleasedBufferFailsItsTestClass() {
        leakOneBuffer();
        ExtensionContext context = mock();
        doReturn(LeakCheckTests.class).when(context).getRequiredTestClass();
        await().atMost(LONGEST).until(() -> {
            try {
                new LeakCheck().afterAll(context);
                return false; // the collector has not come to it yet
            } catch (AssertionError e) {
                assertThat(e).hasMessageContaining("1 leaked").hasMessageContaining("leakOneBuffer");
                return true;
            }
        });
    }

    @Test
    void everyBufferIsFollowed() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    private static void leakOneBuffer() {
        PooledByteBufAllocator.DEFAULT.directBuffer(1).writeByte(1);
    }
}
