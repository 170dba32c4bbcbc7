package dev.ttrpc.verification.interop;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs what builds the peers of other languages. */
public final class Toolchain {
    static final String MODULE = "verification/interop";

    private Toolchain() {}

    /** Whether a program is on the path. */
    public static boolean has(String program) {
        String path = System.getenv("PATH");
        return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a command to its end. What it says on standard error goes where this process's goes. */
    public static void run(Path folder, List<String> command, Duration limit) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        String.join(" ", command) + " did not end within " + limit.toMinutes() + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed with exit code " + process.exitValue());
        }
    }

    /** The project's folder, looked for upwards from the working directory. */
    public static Path projectFolder() throws IOException {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(MODULE).resolve("go/go.mod"))) {
                return folder;
            }
        }
        throw new IOException("neither " + start + " nor a folder above it holds " + MODULE + "/go");
    }
}
