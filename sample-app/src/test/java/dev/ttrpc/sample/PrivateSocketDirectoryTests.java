package dev.ttrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PrivateSocketDirectoryTests {
    @TempDir
    Path home;

    @BeforeEach
    void keepOthersOut() throws IOException {
        mode(home, "rwxr-xr-x");
    }

    @Test
    void isMadeForThisUserOnlyAndFoundAgain() throws IOException {
        Path directory = PrivateSocketDirectory.open(null, home);

        assertThat(directory.getParent()).isEqualTo(home.toRealPath());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PrivateSocketDirectory.open(null, home)).isEqualTo(directory);
    }

    @Test
    void liesInTheRuntimeDirectoryWhereThereIsOne() throws IOException {
        Path runtime = Files.createDirectory(home.resolve("run"));
        mode(runtime, "rwx------");

        assertThat(PrivateSocketDirectory.open(runtime.toString(), home).getParent())
                .isEqualTo(runtime.toRealPath());
    }

    @Test
    void doesNotLieInARuntimeDirectoryThatOthersWrite() throws IOException {
        Path runtime = Files.createDirectory(home.resolve("run"));
        mode(runtime, "rwxrwxrwx");

        assertThat(PrivateSocketDirectory.open(runtime.toString(), home).getParent())
                .isEqualTo(home.toRealPath());
    }

    @Test
    void isRefusedWhereThereIsNoHome() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PrivateSocketDirectory.open(null, home.resolve("nobody")))
                .withMessageContaining("there is no home directory");
    }

    @Test
    void isRefusedWhereOthersMayReplaceIt() throws IOException {
        mode(home, "rwxrwxrwx");

        refused("others may replace");
    }

    @Test
    void isRefusedWhereOthersMayEnterIt() throws IOException {
        mode(PrivateSocketDirectory.open(null, home), "rwxr-xr-x");

        refused("is not a directory of this user with mode 0700");
    }

    @Test
    void isRefusedWhereALinkStandsInItsPlace() throws IOException {
        Path directory = PrivateSocketDirectory.open(null, home);
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        mode(elsewhere, "rwx------");
        Files.delete(directory);
        Files.createSymbolicLink(directory, elsewhere);

        refused("is not a directory of this user with mode 0700");
    }

    private void refused(String why) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PrivateSocketDirectory.open(null, home))
                .withMessageContaining(why);
    }

    private static void mode(Path directory, String permissions) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }
}
