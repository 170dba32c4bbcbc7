package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.server.TtrpcServer;
import java.util.concurrent.Executor;

/** Decides on which threads the endpoints of every socket run. A bean of it replaces the one that {@code spring.threads.virtual.enabled} chooses. */
@FunctionalInterface
public interface TtrpcServerExecutor {
    /** Tells the server. */
    void applyTo(TtrpcServer.Builder builder);

    /** Has endpoints run on {@code executor}, whose end is its owner's matter. */
    static TtrpcServerExecutor of(Executor executor) {
        return builder -> builder.executor(executor);
    }
}
