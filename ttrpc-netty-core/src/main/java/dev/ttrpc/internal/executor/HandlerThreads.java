package dev.ttrpc.internal.executor;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the threads of a pool: daemons, numbered, without the thread-locals of whoever calls. They get the class loader of whoever made the pool. */
final class HandlerThreads implements ThreadFactory {
    private final String namePrefix;
    private final AtomicInteger number = new AtomicInteger();
    private final @Nullable ClassLoader contextClassLoader =
            Thread.currentThread().getContextClassLoader();

    /** @param namePrefix what precedes the number in a thread's name */
    HandlerThreads(String namePrefix) {
        this.namePrefix = namePrefix;
    }

    @Override
    public Thread newThread(Runnable work) {
        Thread thread = new Thread(null, work, namePrefix + number.getAndIncrement(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(contextClassLoader);
        return thread;
    }
}
