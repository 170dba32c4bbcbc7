package dev.ttrpc.verification.benchmarks.compare;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param firstWarmUp what a subject does before its first cell
 * @param warmUp what it does before each other
 * @param rounds how often each subject is measured in each cell
 * @param window how long one measurement is
 */
record Schedule(Duration firstWarmUp, Duration warmUp, int rounds, Duration window) {
    static final Schedule FULL =
            new Schedule(Duration.ofSeconds(12), Duration.ofSeconds(3), 7, Duration.ofMillis(1500));
    /** Under ten minutes for all cells. */
    static final Schedule QUICK =
            new Schedule(Duration.ofSeconds(3), Duration.ofMillis(500), 5, Duration.ofMillis(300));
    /** Only shows that everything runs. */
    static final Schedule SMOKE = new Schedule(Duration.ofMillis(50), Duration.ofMillis(50), 1, Duration.ofMillis(50));

    @Override
    public String toString() {
        return "%d rounds of %.1f s after %.1f s of warm-up, %.1f s before the first cell"
                .formatted(rounds, seconds(window), seconds(warmUp), seconds(firstWarmUp));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
