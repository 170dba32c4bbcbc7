package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.verification.interop.ChildProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The soak: ten seconds of it, or as long as the property {@code soak.seconds} says. */
class SoakIT {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 10);
    private static final Duration TIMEOUT = Duration.ofSeconds(SECONDS).plus(Duration.ofMinutes(4));

    @Test
    void nothingIsLeftBehindMixedCallsAndAttacks() throws Exception {
        try (ChildProcess soak = BenchmarkJar.start("soak", "--seconds", String.valueOf(SECONDS))) {
            List<String> report = soak.readToEnd(TIMEOUT);
            System.out.println(String.join(System.lineSeparator(), report));
            assertThat(report).noneMatch(line -> line.startsWith("FAILED"));
            assertThat(report).last().isEqualTo("ok soak: nothing left");
            assertThat(soak.awaitExit(TIMEOUT)).isZero();
        }
    }
}
