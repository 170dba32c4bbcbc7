package dev.ttrpc.verification.interop.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivisionTests {
    @ParameterizedTest
    @CsvSource({"392, 30", "7, 1", "7, 2", "7, 3", "-7, 5", "2147483647, 4", "0, 0", "0, 4"})
    void thePartsAreAsManyAsWantedAndTotalTheSum(int sum, int count) {
        List<Integer> parts = parts(sum, count);
        assertThat(parts).hasSize(count);
        assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(sum);
    }

    @Test
    void firstAndLastOfMoreThanTwoAreNothing() {
        assertThat(parts(9, 2)).containsExactly(4, 5);
        assertThat(parts(9, 3)).containsExactly(0, 9, 0);
        assertThat(parts(9, 4)).containsExactly(0, 4, 5, 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, -1", "0, -1"})
    void whatCannotBeDividedIsRefused(int sum, int count) {
        assertThatExceptionOfType(TtrpcException.class)
                .isThrownBy(() -> new Division(sum, count))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.INVALID_ARGUMENT));
    }

    private static List<Integer> parts(int sum, int count) {
        List<Integer> parts = new ArrayList<>();
        new Division(sum, count).forEachRemaining(parts::add);
        return parts;
    }
}
