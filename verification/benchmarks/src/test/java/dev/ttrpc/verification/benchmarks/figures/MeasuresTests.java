package dev.ttrpc.verification.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuresTests {
    private final Measures measures = new Measures();

    @Test
    void valuesWithinTheirLimitsMakeAGoodLine() {
        measures.exactly("answers", 5, 5);
        measures.below("p99", 1.25, 50);
        measures.nothing("left", List.of());
        assertThat(measures.line("calls"))
                .isEqualTo(
                        "ok calls: measured answers 5 (limit 5), p99 1.3 ms (limit 50 ms), left nothing (limit nothing)");
    }

    @Test
    void oneValueBeyondItsLimitFailsTheFigureAndIsNamedFirst() {
        measures.exactly("answers", 5, 5);
        measures.bytesBelow("memory", 3 << 20, 2 << 20);
        assertThat(measures.areGood()).isFalse();
        assertThat(measures.line("calls"))
                .startsWith("FAILED calls: memory 3.0 MiB (limit 2.0 MiB); measured answers 5");
    }

    @Test
    void aThingLeftFailsTheFigure() {
        measures.nothing("left", List.of("one thread"));
        assertThat(measures.areGood()).isFalse();
    }
}
