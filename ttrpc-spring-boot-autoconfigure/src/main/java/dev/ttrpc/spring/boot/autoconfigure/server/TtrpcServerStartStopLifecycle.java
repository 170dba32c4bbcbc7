package dev.ttrpc.spring.boot.autoconfigure.server;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Opens the sockets when the application context starts, beside the web server's, and closes them when it stops, which cuts off what did
 * not end in {@link TtrpcServerGracefulShutdownLifecycle}'s phase. Between the two a thread keeps the JVM up.
 */
final class TtrpcServerStartStopLifecycle implements SmartLifecycle {
    /** The web server's own phase for starting and stopping. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 2048;

    private final TtrpcSockets sockets;

    /** Open while the sockets are; null before the first start. Only the thread that starts or stops the context writes it. */
    private volatile @Nullable CountDownLatch stopped;

    TtrpcServerStartStopLifecycle(TtrpcSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public void start() {
        sockets.start();
        if (sockets.isRunning()) {
            CountDownLatch latch = new CountDownLatch(1);
            stopped = latch;
            keepJvmUpUntil(latch);
        }
    }

    @Override
    public void stop() {
        sockets.close();
        CountDownLatch latch = stopped;
        if (latch != null) {
            latch.countDown();
        }
    }

    @Override
    public boolean isRunning() {
        return sockets.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private static void keepJvmUpUntil(CountDownLatch latch) {
        Thread thread = new Thread(() -> awaitUninterruptibly(latch), "ttrpc-server-await");
        thread.setDaemon(false);
        thread.start();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true; // this thread has nothing to stop early
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
