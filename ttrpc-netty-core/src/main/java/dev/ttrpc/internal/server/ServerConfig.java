package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.server.PeerCheck;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server was told to be, checked. Sizes in bytes, times in nanoseconds.
 *
 * @param maxCallNanos 0 for no limit
 */
record ServerConfig(
        int maxMessage,
        int maxMetadata,
        int maxConcurrentCalls,
        int maxConnections,
        long maxCallNanos,
        long receiveBudget,
        long sendBudget,
        long stallNanos,
        boolean strictStreamIds,
        boolean exposeFailures,
        boolean interruptOnCancel,
        PeerCheck peerCheck,
        Function<Throwable, @Nullable Status> failureMapper) {}
