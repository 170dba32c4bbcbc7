package dev.ttrpc.internal.server;

import dev.ttrpc.server.ServerStatistics;
import java.util.concurrent.atomic.LongAdder;

/** What one server counts of what it accepts, refuses and drops. Any thread. */
final class ServerCounters {
    private final LongAdder[] counts = new LongAdder[Event.values().length];

    /** What is counted, as {@link ServerStatistics} says it. */
    enum Event {
        CONNECTION_ACCEPTED,
        CONNECTION_REFUSED,
        CONNECTION_OVER_LIMIT,
        ACCEPT_ERROR,
        PROTOCOL_ERROR,
        FRAME_DROPPED,
        FRAME_OVERSIZED,
        CALL_OVER_LIMIT,
        CALL_OVERLOADED,
        CALL_WITH_LARGE_METADATA,
        CALL_WHILE_DRAINING,
        CALL_STALLED
    }

    ServerCounters() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void count(Event event) {
        counts[event.ordinal()].increment();
    }

    ServerStatistics statistics() {
        return new ServerStatistics(
                sum(Event.CONNECTION_ACCEPTED),
                sum(Event.CONNECTION_REFUSED),
                sum(Event.CONNECTION_OVER_LIMIT),
                sum(Event.ACCEPT_ERROR),
                sum(Event.PROTOCOL_ERROR),
                sum(Event.FRAME_DROPPED),
                sum(Event.FRAME_OVERSIZED),
                sum(Event.CALL_OVER_LIMIT),
                sum(Event.CALL_OVERLOADED),
                sum(Event.CALL_WITH_LARGE_METADATA),
                sum(Event.CALL_WHILE_DRAINING),
                sum(Event.CALL_STALLED));
    }

    private long sum(Event event) {
        return counts[event.ordinal()].sum();
    }
}
