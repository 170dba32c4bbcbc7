package dev.ttrpc.verification.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Command lines of child processes, and what pins them to one CPU. */
final class Commands {
    /** Runs what follows on the first CPU alone. */
    static final List<String> ON_ONE_CPU = List.of("taskset", "-c", "0");

    private Commands() {}

    static boolean canPin() {
        String path = System.getenv("PATH");
        return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, ON_ONE_CPU.get(0))));
    }

    static List<String> prefixed(List<String> prefix, List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }
}
