package dev.ttrpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ttrpc.StatusCode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTests {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Set<StatusCode> CODES = Set.of(StatusCode.UNAVAILABLE);

    private static RetryPolicy policy(double multiplier, Duration maxDelay, double jitter) {
        return new RetryPolicy(5, SECOND, multiplier, maxDelay, jitter, CODES);
    }

    @Test
    void waitsGrowUpToTheLongest() {
        RetryPolicy policy = policy(2.0, Duration.ofSeconds(5), 0.0);
        assertThat(policy.delayNanos(1, 0.5)).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(policy.delayNanos(2, 0.5)).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(policy.delayNanos(3, 0.5)).isEqualTo(Duration.ofSeconds(4).toNanos());
        assertThat(policy.delayNanos(4, 0.5)).isEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(policy.delayNanos(Integer.MAX_VALUE, 0.5))
                .isEqualTo(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void chanceShortensAndLengthensTheWaitByTheShareOfTheJitter() {
        RetryPolicy policy = policy(1.0, SECOND, 0.2);
        assertThat(policy.delayNanos(1, 0.0)).isEqualTo(Duration.ofMillis(800).toNanos());
        assertThat(policy.delayNanos(1, 0.5)).isEqualTo(SECOND.toNanos());
        assertThat(policy.delayNanos(1, 0.999_999)).isBetween(1_199_000_000L, 1_200_000_000L);
    }

    @Test
    void waitThatIsLongerThanTimeSaturates() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        assertThat(new RetryPolicy(2, forever, 2.0, forever, 0.2, CODES).delayNanos(1, 0.9))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(new ReconnectPolicy(forever, 2.0, forever, 0.2).delayNanos(9, 0.9))
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource(names = {"OK", "CANCELLED", "DEADLINE_EXCEEDED"})
    void codesThatEndACallForGoodAreRefused(StatusCode code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(2, SECOND, 1.0, SECOND, 0.0, Set.of(code)))
                .withMessageContaining(code.name());
    }

    @Test
    void valuesOutOfTheirRangesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.of(0));
        assertThatIllegalArgumentException().isThrownBy(() -> policy(0.9, SECOND, 0.0));
        assertThatIllegalArgumentException().isThrownBy(() -> policy(Double.NaN, SECOND, 0.0));
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1.0, SECOND, 1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1.0, Duration.ofMillis(999), 0.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(2, Duration.ZERO, 1.0, SECOND, 0.0, CODES));
    }
}
