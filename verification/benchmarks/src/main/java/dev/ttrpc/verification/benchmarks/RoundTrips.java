package dev.ttrpc.verification.benchmarks;

/** How long single calls took, in steps of a quarter of a microsecond up to 16 ms. What took longer counts as 16 ms. */
public final class RoundTrips {
    private static final int STEP_NANOS = 250;

    private final int[] counts = new int[1 << 16];
    private long total;

    public void add(long nanos) {
        counts[(int) Math.min(nanos / STEP_NANOS, counts.length - 1)]++;
        total++;
    }

    /** The time in nanoseconds within which a share of the calls ended, 0 where there were none. */
    public long atShare(double share) {
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (total > 0 && seen >= total * share) {
                return (i + 1L) * STEP_NANOS;
            }
        }
        return 0;
    }
}
