package dev.ttrpc.verification.interop;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs of {@code verification/interop/go}, built here: Go's ttrpc as a peer. */
public final class GoPrograms {
    private static final int BUILD_MINUTES = 5;
    private static final String MODULE = "verification/interop";
    private static final List<String> PROTO_FOLDERS = List.of(
            "verification/interop/src/main/protobuf",
            "verification/benchmarks/src/main/protobuf",
            "sample-app/src/main/protobuf");

    private final Path folder;

    private GoPrograms(Path folder) {
        this.folder = folder;
    }

    /** Why there is no peer to be had on this machine, in one sentence, or null where there is one. */
    public static @Nullable String missing() {
        return find("go") == null
                ? "Go is not installed (no \"go\" on the PATH): its ttrpc is not tested against"
                : null;
    }

    /**
     * Generates the code of the .proto files and builds the programs, or takes what an unchanged build has left.
     *
     * @throws IOException where that fails; what Go said stands on standard error
     */
    public static GoPrograms build() throws IOException, InterruptedException {
        Path project = projectFolder();
        Path sources = project.resolve(MODULE).resolve("go");
        Path target = Files.createDirectories(project.resolve(MODULE).resolve("target/go"));
        try (FileChannel guard = FileChannel.open(
                        target.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = guard.lock()) {
            assert alone.isValid();
            run(sources, generate(project));
            run(
                    sources,
                    List.of(
                            "go",
                            "build",
                            "-o",
                            target + "/",
                            "./conformance-server",
                            "./conformance-client",
                            "./node-agent-client"));
        }
        return new GoPrograms(target);
    }

    /** Serves the conformance service and the benchmark's on the addresses it is given. */
    public Path conformanceServer() {
        return folder.resolve("conformance-server");
    }

    /** Calls a conformance service at the address it is given. */
    public Path conformanceClient() {
        return folder.resolve("conformance-client");
    }

    /** Calls each method of the sample application at the address it is given. */
    public Path nodeAgentClient() {
        return folder.resolve("node-agent-client");
    }

    /** What the programs were built of: the versions of Go's ttrpc and of Go. */
    public String versions() throws IOException, InterruptedException {
        try (ChildProcess program =
                ChildProcess.start(List.of(conformanceServer().toString(), "--version"))) {
            return String.valueOf(program.readLine(Duration.ofSeconds(10)));
        }
    }

    private static List<String> generate(Path project) {
        List<String> command = new ArrayList<>(List.of("go", "run", "./generate"));
        PROTO_FOLDERS.stream()
                .map(project::resolve)
                .filter(Files::isDirectory)
                .map(Path::toString)
                .forEach(command::add);
        return command;
    }

    private static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(String.join(" ", command) + " did not end within " + BUILD_MINUTES + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed with exit code " + process.exitValue());
        }
    }

    /** The project's folder, looked for upwards from the working directory. */
    private static Path projectFolder() throws IOException {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(MODULE).resolve("go/go.mod"))) {
                return folder;
            }
        }
        throw new IOException("neither " + start + " nor a folder above it holds " + MODULE + "/go");
    }

    private static @Nullable Path find(String program) {
        String path = System.getenv("PATH");
        return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
