package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ttrpc.verification.interop.ChildProcess;
import dev.ttrpc.verification.interop.GoPrograms;
import dev.ttrpc.verification.interop.RustPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every cell of the comparison runs. What is measured in so short a time means nothing. */
class CompareIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(12);
    private static final String REQUIRED = "TTRPC_REQUIRE_PEERS";

    @TempDir
    private Path folder;

    @Test
    void everySubjectOfEveryCellDoesItsWork() throws Exception {
        peersMustBeThere();
        Path results = folder.resolve("results.tsv");
        try (ChildProcess comparison = BenchmarkJar.start("compare", "--smoke", "--place=free", "--out=" + results)) {
            List<String> report = comparison.readToEnd(TIMEOUT);
            assertThat(report).noneMatch(line -> line.contains("FAILED") || line.contains("NaN"));
            assertThat(comparison.awaitExit(TIMEOUT)).isZero();
        }
        List<String> subjects;
        try (ChildProcess list = BenchmarkJar.start("compare", "--list")) {
            subjects = list.readToEnd(TIMEOUT).stream()
                    .filter(line -> line.startsWith(" "))
                    .toList();
        }
        assertThat(subjects).isNotEmpty();
        assertThat(Files.readAllLines(results)).hasSize(1 + subjects.size());
    }

    @Test
    void aCellThatDoesNotExistIsAnErrorOfTheCommandLine() throws Exception {
        try (ChildProcess comparison = BenchmarkJar.start("compare", "--cells=nothing-of-that-name")) {
            assertThat(comparison.awaitExit(TIMEOUT)).isEqualTo(2);
        }
    }

    private static void peersMustBeThere() {
        String missing = GoPrograms.missing() == null ? RustPrograms.missing() : GoPrograms.missing();
        if (missing != null) {
            if ("true".equals(System.getenv(REQUIRED))) {
                fail(missing + ", and " + REQUIRED + " demands it");
            }
            abort(missing + "; skipped");
        }
    }
}
