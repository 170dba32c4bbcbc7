package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ttrpc.verification.interop.ChildProcess;
import dev.ttrpc.verification.interop.GoPrograms;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the benchmark runs. What it measures in so short a time means nothing. */
class BenchmarkIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Test
    void aComparisonRunsToItsReport() throws Exception {
        String missing = GoPrograms.missing();
        if (missing != null) {
            if ("true".equals(System.getenv("TTRPC_REQUIRE_PEERS"))) {
                fail(missing + ", and TTRPC_REQUIRE_PEERS demands it");
            }
            abort(missing + "; skipped");
        }
        try (ChildProcess benchmark = BenchmarkJar.start("--smoke")) {
            List<String> report = benchmark.readToEnd(TIMEOUT);
            assertThat(benchmark.awaitExit(TIMEOUT)).isZero();
            assertThat(report).anyMatch(line -> line.startsWith("on all CPUs, 100 in flight"));
            assertThat(report).anyMatch(line -> line.startsWith("on all CPUs, 1 in flight"));
            assertThat(report).noneMatch(line -> line.contains("NaN"));
        }
    }
}
