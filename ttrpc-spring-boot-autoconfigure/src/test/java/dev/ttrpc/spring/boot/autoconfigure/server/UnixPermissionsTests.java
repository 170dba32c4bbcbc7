package dev.ttrpc.spring.boot.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnixPermissionsTests {
    @ParameterizedTest
    @CsvSource({"rw-rw----,rw-rw----", "0660,rw-rw----", "0600,rw-------", "0777,rwxrwxrwx", "0000,---------"})
    void readsLettersAndOctalNumbersWithALeadingZero(String text, String expected) {
        assertThat(UnixPermissions.parse(text)).isEqualTo(PosixFilePermissions.fromString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"432", "660", "0999", "07777"})
    void refusesABareNumberBecauseYamlMayHaveChangedIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixPermissions.parse(text))
                .withMessageContaining(text)
                .withMessageContaining("YAML");
    }

    @Test
    void refusesAnythingElse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixPermissions.parse("rwx"))
                .withMessage("'rwx' are no permissions of a file.");
    }
}
