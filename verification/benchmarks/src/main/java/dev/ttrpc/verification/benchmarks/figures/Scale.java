package dev.ttrpc.verification.benchmarks.figures;

/** How large a figure is made. */
public enum Scale {
    /** As the figure says. */
    FULL,
    /** A few seconds, which show that it runs. Times then mean nothing, and their limits are wide. */
    QUICK;

    private static final int WIDER = 40;

    int of(int full, int quick) {
        return this == FULL ? full : quick;
    }

    /** A limit of a time. */
    double limitMillis(double full) {
        return this == FULL ? full : full * WIDER;
    }
}
