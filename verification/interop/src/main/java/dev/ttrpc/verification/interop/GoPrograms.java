package dev.ttrpc.verification.interop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The programs of {@code verification/interop/go}, built here: Go's ttrpc as a peer. */
public final class GoPrograms {
    private static final Duration BUILD = Duration.ofMinutes(5);
    /** From here on Go fetches the version that go.mod asks for. */
    private static final String LEAST = "1.21";

    private static final List<String> PROTO_FOLDERS = List.of(
            "verification/interop/src/main/protobuf",
            "verification/benchmarks/src/main/protobuf",
            "sample-app/src/main/protobuf");

    private static @Nullable GoPrograms built; // guarded by the class

    private final Path folder;

    private GoPrograms(Path folder) {
        this.folder = folder;
    }

    /** Why there is no peer to be had on this machine, in one sentence, or null where there is one. */
    public static @Nullable String missing() {
        return Toolchain.missing("Go", "go", LEAST, "version");
    }

    /**
     * Generates the code of the .proto files and builds the programs, or takes what an unchanged build has left; once in a JVM.
     *
     * @throws IOException where that fails; what Go said stands on standard error
     */
    public static synchronized GoPrograms build() throws IOException, InterruptedException {
        GoPrograms programs = built;
        if (programs == null) {
            programs = buildAlone();
            built = programs;
        }
        return programs;
    }

    private static GoPrograms buildAlone() throws IOException, InterruptedException {
        Path project = Toolchain.projectFolder();
        Path sources = project.resolve(Toolchain.MODULE).resolve("go");
        Path target = Files.createDirectories(project.resolve(Toolchain.MODULE).resolve("target/go"));
        try (FileChannel guard = FileChannel.open(
                        target.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = guard.lock()) {
            assert alone.isValid();
            Toolchain.run(sources, generate(project), BUILD);
            Toolchain.run(
                    sources,
                    List.of(
                            "go",
                            "build",
                            "-o",
                            target + "/",
                            "./conformance-server",
                            "./conformance-client",
                            "./node-agent-client",
                            "./benchmark"),
                    BUILD);
        }
        return new GoPrograms(target);
    }

    /** Serves the conformance service on the addresses it is given. */
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

    /** Serves and calls the benchmark's service. */
    public Path benchmark() {
        return folder.resolve("benchmark");
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
}
