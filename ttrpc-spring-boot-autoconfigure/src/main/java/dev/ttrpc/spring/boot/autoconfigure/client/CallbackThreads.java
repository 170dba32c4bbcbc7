package dev.ttrpc.spring.boot.autoconfigure.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads for callbacks where virtual threads are not enabled: an idle one is used again, a new one is made while there are fewer than the
 * limit, then callbacks queue. Unlike Spring Boot's own executor it goes on while the application stops, because calls that finish during a
 * drain have callbacks too.
 */
final class CallbackThreads implements TtrpcCallbackExecutor, DisposableBean {
    private static final int MAX_THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    CallbackThreads() {
        CustomizableThreadFactory threads = new CustomizableThreadFactory("ttrpc-callback-");
        threads.setDaemon(true);
        this.pool = new ThreadPoolExecutor(
                0,
                MAX_THREADS,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new HandOverQueue(),
                threads,
                CallbackThreads::queue);
    }

    @Override
    public Executor executor() {
        return pool;
    }

    @Override
    public void destroy() {
        pool.shutdown();
    }

    /** Called where no thread is idle and no further one may be made. */
    private static void queue(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("the application is closed");
        }
        pool.getQueue().add(task);
    }

    /** Takes an offer only if a thread waits for it; a pool makes threads while its queue takes no offer. */
    private static final class HandOverQueue extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        @Override
        public boolean add(Runnable task) {
            return super.offer(task);
        }
    }
}
