package dev.ttrpc.verification.benchmarks;

import java.time.Duration;

/**
 * One measurement.
 *
 * @param serverCpu what the server's process used of all CPUs meanwhile
 * @param loadCpu the same of the load generator's
 */
record Sample(LoadResult load, Duration serverCpu, Duration loadCpu) {
    double callsPerSecond() {
        return load.callsPerSecond();
    }

    double serverMicrosPerCall() {
        return serverCpu.toNanos() / 1e3 / load.calls();
    }

    double loadMicrosPerCall() {
        return loadCpu.toNanos() / 1e3 / load.calls();
    }
}
