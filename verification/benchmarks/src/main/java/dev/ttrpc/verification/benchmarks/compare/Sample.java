package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.benchmarks.LoadResult;
import java.time.Duration;

/**
 * One measurement.
 *
 * @param serverCpu what the server's process used of all CPUs meanwhile
 * @param clientCpu the same of the caller's
 */
record Sample(LoadResult load, Duration serverCpu, Duration clientCpu) {
    double perSecond() {
        return load.perSecond();
    }

    double serverMicros() {
        return serverCpu.toNanos() / 1e3 / load.count();
    }

    double clientMicros() {
        return clientCpu.toNanos() / 1e3 / load.count();
    }

    double medianMicros() {
        return load.medianNanos() / 1e3;
    }

    double p99Micros() {
        return load.p99Nanos() / 1e3;
    }
}
