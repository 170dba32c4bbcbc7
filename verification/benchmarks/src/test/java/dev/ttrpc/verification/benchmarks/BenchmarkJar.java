package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.interop.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The runnable jar, as a user runs it. */
final class BenchmarkJar {
    private BenchmarkJar() {}

    static ChildProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(Path.of("target", "ttrpc-benchmarks.jar").toString());
        command.addAll(List.of(arguments));
        return ChildProcess.start(command);
    }
}
