package dev.ttrpc.verification.benchmarks;

import java.util.List;

/** How many calls are in flight at any time. */
record Load(int inFlight) {
    static final List<Load> ALL = List.of(new Load(100), new Load(1));

    @Override
    public String toString() {
        return inFlight + " in flight";
    }
}
