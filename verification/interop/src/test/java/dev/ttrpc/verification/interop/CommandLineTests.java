package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandLineTests {
    private static final Set<String> KNOWN = Set.of("--flag", "--value");

    @Test
    void optionsMayStandBetweenWords() throws Exception {
        CommandLine line = CommandLine.parse(List.of("a", "--flag", "b", "--value=7"), KNOWN);
        assertThat(line.words()).containsExactly("a", "b");
        assertThat(line.has("--flag")).isTrue();
        assertThat(line.number("--value")).isEqualTo(7);
        assertThat(line.duration("--value", Duration::ofSeconds, Duration.ZERO)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void whatIsNotGivenHasItsDefault() throws Exception {
        CommandLine line = CommandLine.parse(List.of(), KNOWN);
        assertThat(line.has("--flag")).isFalse();
        assertThat(line.number("--value")).isNull();
        assertThat(line.oneOf("--value", "first", "second")).isEqualTo("first");
        assertThat(line.duration("--value", Duration::ofSeconds, Duration.ofMillis(1)))
                .isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> CommandLine.parse(List.of("--other"), KNOWN))
                .withMessage("unknown option --other; known are --flag, --value");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> CommandLine.parse(List.of("--flag", "--flag"), KNOWN))
                .withMessage("--flag is given twice");
        CommandLine line = CommandLine.parse(List.of("--flag=x", "--value=-3"), KNOWN);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> line.has("--flag"))
                .withMessage("--flag takes no value");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> line.number("--value"))
                .withMessage("--value must be a whole number of at least 1: -3");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> line.oneOf("--value", "a", "b"))
                .withMessage("--value must be one of a, b: -3");
        CommandLine empty = CommandLine.parse(List.of("--value"), KNOWN);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> empty.value("--value"))
                .withMessage("--value needs a value: --value=VALUE");
    }
}
