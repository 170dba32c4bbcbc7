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
        if (initialDelay.isNegative() || initialDelay.isZero() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException(
                    "reconnect delays must be positive and rise: " + initialDelay + " to " + maxDelay);
        }
        if (!(multiplier >= 1.0) || !(jitter >= 0.0 && jitter <= 1.0)) {
            throw new IllegalArgumentException("reconnect multiplier must be at least 1 and jitter between 0 and 1: "
                    + multiplier + ", " + jitter);
        }
    }

    /**
     * The wait after {@code failures} failures in a row.
     *
     * @param failures 1 for the first
     * @param chance a number in [0, 1) that decides the jitter
     * @return nanoseconds
     */
    public long delayNanos(int failures, double chance) {
        double delay =
                Math.min(initialDelay.toNanos() * Math.pow(multiplier, Math.max(0, failures - 1)), maxDelay.toNanos());
        return (long) (delay * (1.0 + jitter * (2.0 * chance - 1.0)));
    }
}
