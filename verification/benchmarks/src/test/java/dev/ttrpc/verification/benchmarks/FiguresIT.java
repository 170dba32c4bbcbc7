package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.verification.interop.ChildProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That every figure is measured to its end, in its small form, where what is counted holds and times mean little. */
class FiguresIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @Test
    void everyFigureIsReachedInItsSmallForm() throws Exception {
        try (ChildProcess figures = BenchmarkJar.start("figures", "--quick")) {
            List<String> report = figures.readToEnd(TIMEOUT);
            assertThat(report).hasSizeGreaterThan(1).noneMatch(line -> line.startsWith("FAILED"));
            assertThat(figures.awaitExit(TIMEOUT)).isZero();
        }
    }

    @Test
    void aFigureThatDoesNotExistIsAnErrorOfTheCommandLine() throws Exception {
        try (ChildProcess figures = BenchmarkJar.start("figures", "nothing-of-that-name")) {
            assertThat(figures.awaitExit(TIMEOUT)).isEqualTo(2);
        }
    }
}
