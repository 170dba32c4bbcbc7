package dev.ttrpc.verification.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTests {
    @Test
    void aNumberThatComesAgainIsSeen() {
        Counted counted = new Counted(100);
        counted.count(7);
        counted.count(71);
        counted.count(7);
        assertThat(counted.total()).isEqualTo(3);
        assertThat(counted.twice()).isEqualTo(1);
    }

    @Test
    void numbersOutOfTheRangeCountInTheTotalOnly() {
        Counted counted = new Counted(64);
        counted.count(64);
        counted.count(64);
        counted.count(-1);
        assertThat(counted.total()).isEqualTo(3);
        assertThat(counted.twice()).isZero();
    }
}
