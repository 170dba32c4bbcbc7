package dev.ttrpc.internal.client;

import dev.ttrpc.client.ClientStatistics;
import java.util.concurrent.atomic.AtomicLong;

/** The numbers of {@link ClientStatistics}, raised on the channel's event loop and read by any thread. */
final class ClientCounters {
    final AtomicLong connectionsMade = new AtomicLong();
    final AtomicLong connectionAttemptsFailed = new AtomicLong();
    final AtomicLong connectionsLost = new AtomicLong();
    final AtomicLong retries = new AtomicLong();
    final AtomicLong resentCalls = new AtomicLong();
    final AtomicLong droppedFrames = new AtomicLong();
    final AtomicLong oversizedFrames = new AtomicLong();
    final AtomicLong stalledCalls = new AtomicLong();
    final AtomicLong protocolErrors = new AtomicLong();

    ClientStatistics snapshot() {
        return new ClientStatistics(
                connectionsMade.get(),
                connectionAttemptsFailed.get(),
                connectionsLost.get(),
                retries.get(),
                resentCalls.get(),
                droppedFrames.get(),
                oversizedFrames.get(),
                stalledCalls.get(),
                protocolErrors.get());
    }
}
