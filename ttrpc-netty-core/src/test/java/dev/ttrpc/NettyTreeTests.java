package dev.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which jars of Netty a user of the core gets: a codec that a later Netty adds to netty-all must not slip in. */
class NettyTreeTests {

    /** Written by the build before the tests run. */
    private static final Path TREE = Path.of("target", "netty-tree.txt");

    private static final Pattern JAR =
            Pattern.compile("(?<artifact>netty-.+?)-(?<version>\\d[\\w.]*)(?:-(?<platform>.+))?\\.jar");

    @Test
    void nineteenJarsOfNettyReachTheUser() throws IOException {
        assertThat(jars().map(NettyTreeTests::withoutVersion))
                .containsExactlyInAnyOrder(
                        "netty-all",
                        "netty-buffer",
                        "netty-codec-base",
                        "netty-common",
                        "netty-handler",
                        "netty-resolver",
                        "netty-transport",
                        "netty-transport-classes-epoll",
                        "netty-transport-classes-io_uring",
                        "netty-transport-classes-kqueue",
                        "netty-transport-native-epoll:linux-aarch_64",
                        "netty-transport-native-epoll:linux-riscv64",
                        "netty-transport-native-epoll:linux-x86_64",
                        "netty-transport-native-io_uring:linux-aarch_64",
                        "netty-transport-native-io_uring:linux-riscv64",
                        "netty-transport-native-io_uring:linux-x86_64",
                        "netty-transport-native-kqueue:osx-aarch_64",
                        "netty-transport-native-kqueue:osx-x86_64",
                        "netty-transport-native-unix-common");
    }

    @Test
    void allJarsOfNettyAreOfOneVersion() throws IOException {
        assertThat(jars().map(jar -> jar.group("version")).distinct()).hasSize(1);
    }

    private static Stream<Matcher> jars() throws IOException {
        List<String> paths = List.of(Files.readString(TREE).strip().split(File.pathSeparator));
        return paths.stream()
                .map(path -> JAR.matcher(new File(path).getName()))
                .peek(jar ->
                        assertThat(jar.matches()).as("a jar of Netty: %s", jar).isTrue());
    }

    private static String withoutVersion(Matcher jar) {
        String platform = jar.group("platform");
        return platform == null ? jar.group("artifact") : jar.group("artifact") + ":" + platform;
    }
}
