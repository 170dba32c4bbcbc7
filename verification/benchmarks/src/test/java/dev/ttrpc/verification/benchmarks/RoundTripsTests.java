package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTripsTests {
    private final RoundTrips roundTrips = new RoundTrips();

    @Test
    void sharesAreRoundedUpToTheirStep() {
        for (int micros = 1; micros <= 100; micros++) {
            roundTrips.add(micros * 1_000L);
        }
        assertThat(roundTrips.atShare(0.5)).isEqualTo(50_250);
        assertThat(roundTrips.atShare(0.99)).isEqualTo(99_250);
    }

    @Test
    void theLongestCountAsTheLastStep() {
        roundTrips.add(Long.MAX_VALUE);
        assertThat(roundTrips.atShare(1)).isEqualTo(16_384_000);
    }

    @Test
    void withoutCallsThereIsNoTime() {
        assertThat(roundTrips.atShare(0.5)).isZero();
    }
}
