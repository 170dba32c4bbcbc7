package dev.ttrpc.verification.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineTests {
    private final Map<String, Long> values = new HashMap<>(Map.of(Footprint.HEAP, 1000L, Footprint.THREADS, 3L));
    private final Map<String, Long> objects = new HashMap<>(Map.of("Stream", 2L));
    private final Observed process = new Observed() {
        @Override
        public Footprint glance() {
            return new Footprint(Map.copyOf(values));
        }

        @Override
        public Footprint measure() {
            return glance();
        }

        @Override
        public Map<String, Long> objects() {
            return Map.copyOf(objects);
        }

        @Override
        public String name() {
            return "it";
        }
    };

    @Test
    void aProcessThatHoldsWhatItHeldIsBack() throws Exception {
        Baseline baseline = Baseline.of(process);
        values.put(Footprint.HEAP, 1000 + Baseline.HEAP_NOISE);
        assertThat(baseline.awaitReturn(Duration.ZERO)).isEmpty();
    }

    @Test
    void whatIsLeftIsNamed() throws Exception {
        Baseline baseline = Baseline.of(process);
        values.put(Footprint.HEAP, 1001 + Baseline.HEAP_NOISE);
        values.put(Footprint.THREADS, 4L);
        objects.put("Stream", 3L);
        assertThat(baseline.awaitReturn(Duration.ZERO))
                .containsExactly(
                        "it holds 3 Stream instead of 2",
                        "it has threads 4 instead of 3",
                        "it has a heap of 4195305 bytes instead of 1000");
    }
}
