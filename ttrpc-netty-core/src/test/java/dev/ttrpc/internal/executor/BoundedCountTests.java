package dev.ttrpc.internal.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedCountTests {
    private final BoundedCount count = new BoundedCount(2);

    @Test
    void refusesToGoAboveItsLimit() {
        assertThat(count.tryIncrement()).isTrue();
        assertThat(count.isAtLimit()).isFalse();
        assertThat(count.tryIncrement()).isTrue();

        assertThat(count.tryIncrement()).isFalse();

        assertThat(count.get()).isEqualTo(2);
        assertThat(count.isAtLimit()).isTrue();
    }

    @Test
    void takesOneMoreOnceOneIsGone() {
        count.tryIncrement();
        count.tryIncrement();
        count.decrement();

        assertThat(count.tryIncrement()).isTrue();
    }
}
