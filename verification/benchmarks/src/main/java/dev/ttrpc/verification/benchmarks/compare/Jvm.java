package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.benchmarks.BenchmarkMain;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The JDK that measured programs run on.
 *
 * @param home its folder
 * @param version as it names it
 */
record Jvm(Path home, String version) {
    /** The same for all, so that a JVM that sees one CPU does not choose otherwise than one that sees two. */
    private static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");
    /** From here on Netty and protobuf draw warnings of the JVM unless it is told that they may. */
    private static final int FIRST_THAT_WARNS = 24;

    /** The one that this runs on. */
    static Jvm own() {
        return new Jvm(
                Path.of(System.getProperty("java.home")), Runtime.version().toString());
    }

    /** Another one. */
    static Jvm at(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("release"))) {
            release.load(file);
        }
        return new Jvm(home, release.getProperty("JAVA_VERSION", "").replace("\"", ""));
    }

    int feature() {
        return Runtime.Version.parse(version).feature();
    }

    /** The command that runs a program of this one's class path. */
    List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.addAll(FLAGS);
        if (feature() >= FIRST_THAT_WARNS) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchmarkMain.class.getName()));
        command.addAll(arguments);
        return command;
    }
}
