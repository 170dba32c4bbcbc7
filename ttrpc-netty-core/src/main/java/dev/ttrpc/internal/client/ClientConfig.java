package dev.ttrpc.internal.client;

import dev.ttrpc.Metadata;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.client.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a channel was told to be, checked. Sizes in bytes.
 *
 * @param firstStreamId the id of the first call of a connection, 1 but for tests
 */
record ClientConfig(
        TtrpcAddress address,
        @Nullable Duration deadline,
        Metadata metadata,
        @Nullable Executor callbackExecutor,
        Duration connectTimeout,
        boolean waitForReady,
        ReconnectPolicy reconnect,
        RetryPolicy retry,
        int maxMessage,
        long receiveBudget,
        long sendBudget,
        Duration stallTimeout,
        int firstStreamId) {}
