package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ToolchainTests {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void aVersionIsComparedNumberByNumber() {
        assertThat(Toolchain.isAtLeast("1.85", "cargo 1.85.0 (d73d2caf9 2024-12-31)"))
                .isTrue();
        assertThat(Toolchain.isAtLeast("1.85", "cargo 1.95.0")).isTrue();
        assertThat(Toolchain.isAtLeast("1.85", "cargo 1.100.0")).isTrue();
        assertThat(Toolchain.isAtLeast("1.21", "go version go1.26.8 linux/amd64"))
                .isTrue();
        assertThat(Toolchain.isAtLeast("1.85", "cargo 0.66.0")).isFalse();
        assertThat(Toolchain.isAtLeast("1.85", "cargo 1.9.0")).isFalse();
        assertThat(Toolchain.isAtLeast("1.21", "go version go1.19.8 linux/amd64"))
                .isFalse();
        assertThat(Toolchain.isAtLeast("1.21", "no such thing")).isFalse();
    }

    @Test
    void aProgramThatIsNotThereOrTooOldIsNamedInOneSentence() {
        assertThat(Toolchain.missing("Go", "no-such-program", "1.21", "version"))
                .isEqualTo("Go is not installed (no \"no-such-program\" on the PATH): its ttrpc is not tested against");
        assertThat(Toolchain.missing("Java", JAVA, "17", "--version")).isNull();
        assertThat(Toolchain.missing("Java", JAVA, "1000.0", "--version"))
                .startsWith("Java is too old (\"")
                .endsWith(", and 1000.0 is needed): its ttrpc is not tested against");
    }
}
