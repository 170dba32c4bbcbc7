package dev.ttrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.transport.TransportResources;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BlockingCheckTests {
    @BeforeAll
    static void mustBeInstalled() {
        assumeTrue(BlockingRecorder.isInstalled(), "BlockHound cannot see into this JVM");
    }

    private static void onLoop(Runnable task) throws Exception {
        try (TransportResources resources =
                TransportResources.builder().eventLoopThreads(1).build()) {
            Transports.of(resources)
                    .nextEventLoop(TtrpcAddress.parse("tcp://127.0.0.1:1"))
                    .submit(task)
                    .get();
        }
    }

    @Test
    void waitOnAnEventLoopIsFoundWithItsTrace() throws Exception {
        BlockingRecorder.takeAll();
        onLoop(BlockingCheckTests::parkForAMoment);
        assertThat(BlockingRecorder.takeAll())
                .singleElement()
                .asString()
                .contains("park")
                .contains("parkForAMoment")
                .contains(" on ttrpc-");
        CountDownLatch never = new CountDownLatch(1);
        onLoop(() -> {
            try {
                assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(BlockingRecorder.takeAll()).isNotEmpty();
    }

    private static void parkForAMoment() {
        LockSupport.parkNanos(1);
    }

    @Test
    void waitOfAnotherThreadIsNone() throws Exception {
        BlockingRecorder.takeAll();
        Thread other = new Thread(BlockingCheckTests::parkForAMoment);
        other.start();
        other.join();
        assertThat(BlockingRecorder.takeAll()).isEmpty();
    }
}
