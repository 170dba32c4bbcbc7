package dev.ttrpc.spring.boot.autoconfigure.client;

import org.springframework.context.SmartLifecycle;

/**
 * Connects the channels that are to be connected before anything is served, and closes all of them after the servers, because handlers that
 * finish during a drain may still call out.
 */
final class TtrpcChannelLifecycle implements SmartLifecycle {
    /** Starts before and stops after the sockets and the web server. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

    private final ConfiguredChannelFactory channels;
    private volatile boolean running;

    TtrpcChannelLifecycle(ConfiguredChannelFactory channels) {
        this.channels = channels;
    }

    @Override
    public void start() {
        channels.start();
        running = true;
    }

    /** Begins to close the channels. The context calls {@link #stop(Runnable)} instead, to learn of its end. */
    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        channels.release().whenComplete((done, failure) -> callback.run());
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
