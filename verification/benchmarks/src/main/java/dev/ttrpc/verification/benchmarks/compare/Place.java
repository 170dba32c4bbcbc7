package dev.ttrpc.verification.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/** Which CPUs the two processes of a measurement have. */
public enum Place {
    /** One, the same for both: what the path costs, without the wake-ups between CPUs. */
    SAME(List.of("taskset", "-c", "0")),
    /** All of the machine, as the scheduler likes. */
    FREE(List.of());

    private final List<String> prefix;

    Place(List<String> prefix) {
        this.prefix = prefix;
    }

    /** What stands before each command. */
    List<String> prefix() {
        return prefix;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
