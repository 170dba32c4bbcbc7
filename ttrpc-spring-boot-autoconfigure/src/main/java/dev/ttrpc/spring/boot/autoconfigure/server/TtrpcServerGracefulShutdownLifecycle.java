package dev.ttrpc.spring.boot.autoconfigure.server;

import org.springframework.context.SmartLifecycle;

/**
 * Drains the sockets when the application context stops, beside the web server and before {@link TtrpcServerStartStopLifecycle} closes them. The drain
 * lasts as long as running calls do, and at most {@code spring.lifecycle.timeout-per-shutdown-phase}, which the context keeps.
 */
final class TtrpcServerGracefulShutdownLifecycle implements SmartLifecycle {
    /** The web server's own phase for draining. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

    private final TtrpcSockets sockets;
    private volatile boolean running;

    TtrpcServerGracefulShutdownLifecycle(TtrpcSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public void start() {
        running = true;
    }

    /** Begins the drain. The context calls {@link #stop(Runnable)} instead, to learn of its end. */
    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Begins the drain and returns at once; {@code callback} runs when it has ended. */
    @Override
    public void stop(Runnable callback) {
        running = false;
        sockets.drain().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
