package dev.ttrpc.testing;

import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that left a Netty buffer unreleased. Registered for all tests of this module. */
public final class LeakCheck implements AfterAllCallback {

    private static final int LONGEST_COLLECTION_MILLIS = 5_000;

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (context.getRequiredTestClass().getEnclosingClass() != null) {
            return;
        }
        List<String> leaks = findLeaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked in " + context.getDisplayName()
                    + " or in a class that ran before it:\n" + String.join("\n", leaks));
        }
    }

    /** Netty looks for leaks when it hands out a buffer, among those that the collector has found unreachable. */
    static List<String> findLeaks() throws InterruptedException {
        collectGarbage();
        PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        return LeakRecorder.takeAll();
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        System.gc();
        queue.remove(LONGEST_COLLECTION_MILLIS);
        canary.clear();
    }
}
