package dev.ttrpc.client;

import java.time.Duration;

/** The arithmetic of waits that grow from failure to failure. It saturates: {@code ChronoUnit.FOREVER} is a long time. */
final class Backoff {
    private Backoff() {}

    /** Refuses what is no back-off of {@code what}. */
    static void check(String what, Duration initialDelay, double multiplier, Duration maxDelay, double jitter) {
        if (initialDelay.isNegative() || initialDelay.isZero() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException(
                    what + " delays must be positive and rise: " + initialDelay + " to " + maxDelay);
        }
        if (!(multiplier >= 1.0) || !(jitter >= 0.0 && jitter <= 1.0)) {
            throw new IllegalArgumentException(
                    what + " multiplier must be at least 1 and jitter between 0 and 1: " + multiplier + ", " + jitter);
        }
    }

    static long delayNanos(
            int failures, Duration initialDelay, double multiplier, Duration maxDelay, double jitter, double chance) {
        double delay = Math.min(nanos(initialDelay) * Math.pow(multiplier, Math.max(0, failures - 1)), nanos(maxDelay));
        return (long) (delay * (1.0 + jitter * (2.0 * chance - 1.0)));
    }

    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}
