package dev.ttrpc.sample.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTests {
    @Test
    void bytesHaveTheUnitThatSuitsThem() {
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @Test
    void costsHaveTheUnitThatSuitsThem() {
        assertThat(Units.cost(85_400)).isEqualTo("85 µs");
        assertThat(Units.cost(1_250_000)).isEqualTo("1.3 ms");
        assertThat(Units.cost(2e9)).isEqualTo("2.0 s");
    }

    @Test
    void timeIsDaysHoursAndMinutes() {
        assertThat(Units.time(Duration.ofMinutes(24 * 60 + 61))).isEqualTo("1 d 1 h 1 min");
    }
}
