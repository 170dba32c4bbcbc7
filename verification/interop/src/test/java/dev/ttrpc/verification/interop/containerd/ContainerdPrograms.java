package dev.ttrpc.verification.interop.containerd;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One containerd with its shim for runc: the system's own, or version 2 as the Go module proxy has it, built here and kept in {@code target}.
 *
 * @param version as the programs say it
 * @param folder where they stand
 * @param taskVersion of the task service that the shim serves
 */
record ContainerdPrograms(String version, Path folder, int taskVersion) {
    static final String NEW = "v2.4.2";

    private static final String MODULE = "github.com/containerd/containerd/v2/cmd/";
    private static final List<String> PROGRAMS = List.of("containerd-shim-runc-v2", "ctr", "containerd");
    private static final int BUILD_MINUTES = 10;
    private static final String REQUIRED = "TTRPC_REQUIRE_PEERS";
    /** A folder with the three programs of {@link #NEW}, which need not be built then. */
    private static final String BUILT = "TTRPC_CONTAINERD";

    /** Which of the two. */
    enum Release {
        SYSTEM,
        NEW
    }

    /** The programs. Where they cannot be had the test is skipped with a sentence, or fails where peers are required. */
    static ContainerdPrograms of(Release release) throws IOException, InterruptedException {
        require(missing(release));
        Path folder = release == Release.SYSTEM
                ? Objects.requireNonNull(find("containerd-shim-runc-v2")).getParent()
                : built();
        String version = firstLine(folder.resolve("containerd-shim-runc-v2").toString(), "-v");
        System.out.println("Peer: " + version + ", runc " + firstLine("runc", "--version"));
        return new ContainerdPrograms(version, folder, release == Release.SYSTEM ? 2 : 3);
    }

    /** Skips or fails where there is no Go. */
    static void requireGo() {
        require(find("go") == null ? "there is no \"go\" on the PATH: containerd is not compared with" : null);
    }

    private static void require(@Nullable String missing) {
        if (missing == null) {
            return;
        }
        if ("true".equals(System.getenv(REQUIRED))) {
            fail(missing + ", and " + REQUIRED + " demands it");
        }
        System.out.println("Skipped: " + missing); // Maven's console does not show why a class was given up
        abort(missing + "; skipped");
    }

    Path shim() {
        return folder.resolve("containerd-shim-runc-v2");
    }

    Path ctr() {
        return folder.resolve("ctr");
    }

    Path containerd() {
        return folder.resolve("containerd");
    }

    /** Whether the shim takes and answers protobuf messages when it starts, as from 2.3 on. */
    boolean hasBootstrap() {
        return taskVersion == 3;
    }

    private static @Nullable String missing(Release release) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "containers need root: containerd is not tested against";
        }
        for (String program :
                List.of("runc", "busybox", release == Release.SYSTEM ? "containerd-shim-runc-v2" : "go")) {
            if (find(program) == null) {
                return "there is no \"" + program + "\" on the PATH: containerd is not tested against";
            }
        }
        return null;
    }

    private static Path built() throws IOException, InterruptedException {
        String given = System.getenv(BUILT);
        if (given != null) {
            return Path.of(given);
        }
        Path target =
                Files.createDirectories(Path.of("target", "containerd-" + NEW).toAbsolutePath());
        try (FileChannel guard = FileChannel.open(
                        target.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = guard.lock()) {
            assert alone.isValid();
            for (String program : PROGRAMS) {
                if (!Files.isExecutable(target.resolve(program))) {
                    build(target, program);
                }
            }
        }
        return target;
    }

    private static void build(Path target, String program) throws IOException, InterruptedException {
        ProcessBuilder build = new ProcessBuilder("go", "install", MODULE + program + "@" + NEW);
        build.environment().put("CGO_ENABLED", "0");
        build.environment().put("GOBIN", target.toString());
        Process process = build.inheritIO().start();
        try {
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("containerd " + NEW + " cannot be built: see what Go said");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String firstLine(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            return String.valueOf(output.lines()
                    .filter(line -> line.contains("ersion"))
                    .findFirst()
                    .orElse("of unknown version"));
        }
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
