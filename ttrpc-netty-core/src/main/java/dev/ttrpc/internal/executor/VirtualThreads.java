package dev.ttrpc.internal.executor;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** JDK 21's virtual threads, reached by reflection because the byte code is Java 17's. */
final class VirtualThreads {
    /** In 19 and 20 the methods are there and throw, being a preview. */
    private static final int FIRST_FEATURE = 21;

    private VirtualThreads() {}

    static @Nullable Executor executor(String threadNamePrefix) {
        if (Runtime.version().feature() < FIRST_FEATURE) {
            return null;
        }
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named =
                    builderType.getMethod("name", String.class, long.class).invoke(builder, threadNamePrefix, 0L);
            Object factory = builderType.getMethod("factory").invoke(named);
            return (Executor) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no virtual threads on Java " + Runtime.version(), e);
        }
    }
}
