package dev.ttrpc.verification.benchmarks;

import java.time.Duration;

/**
 * How long a comparison measures.
 *
 * @param warmUp load on each server before anything counts
 * @param rounds how often each server is measured under each load
 * @param window how long one measurement is
 */
record Schedule(Duration warmUp, int rounds, Duration window) {
    /** About four minutes. */
    static final Schedule FULL = new Schedule(Duration.ofSeconds(12), 7, Duration.ofSeconds(2));
    /** Under two minutes. */
    static final Schedule QUICK = new Schedule(Duration.ofSeconds(10), 3, Duration.ofSeconds(1));
    /** Only shows that everything runs. */
    static final Schedule SMOKE = new Schedule(Duration.ofMillis(200), 1, Duration.ofMillis(200));

    @Override
    public String toString() {
        return "%d rounds of %.1f s after %.1f s of warm-up".formatted(rounds, seconds(window), seconds(warmUp));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
