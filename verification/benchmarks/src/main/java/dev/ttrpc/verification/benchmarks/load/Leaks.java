package dev.ttrpc.verification.benchmarks.load;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Netty's leak detector for buffers: follows every one of them, prints what it finds on standard error, and counts it. */
public final class Leaks {
    private static final AtomicLong found = new AtomicLong();

    private Leaks() {}

    /** Begins to follow buffers. To be called before the first one is made. */
    public static void follow() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // the older shape, which this abstract class still demands
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Counting<>(resource, samplingInterval);
            }
        });
    }

    /** How many were found. What the collector has not met yet is not among them. */
    static long found() {
        // Netty looks when it hands out a buffer
        PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        return found.get();
    }

    private static final class Counting<T> extends ResourceLeakDetector<T> {
        Counting(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            found.incrementAndGet();
            System.err.println(resource + " was never released:" + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            reportTracedLeak(resource, "");
        }
    }
}
