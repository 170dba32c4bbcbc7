package dev.ttrpc.client;

import java.time.Duration;

/**
 * How long a channel waits between attempts to connect.
 *
 * @param initialDelay the wait after the first failure, more than zero
 * @param multiplier what each further failure multiplies it by, at least 1
 * @param maxDelay the longest wait
 * @param jitter the share of the wait by which chance shortens or lengthens it, 0 to 1
 */
public record ReconnectPolicy(Duration initialDelay, double multiplier, Duration maxDelay, double jitter) {
    /** 100 ms, doubled up to 10 s, plus or minus 20 %. */
    public static final ReconnectPolicy DEFAULT =
            new ReconnectPolicy(Duration.ofMillis(100), 2.0, Duration.ofSeconds(10), 0.2);

    public ReconnectPolicy {
        Backoff.check("reconnect", initialDelay, multiplier, maxDelay, jitter);
    }

    /**
     * The wait after {@code failures} failures in a row.
     *
     * @param failures 1 for the first
     * @param chance a number in [0, 1) that decides the jitter
     * @return nanoseconds
     */
    public long delayNanos(int failures, double chance) {
        return Backoff.delayNanos(failures, initialDelay, multiplier, maxDelay, jitter, chance);
    }
}
