package dev.ttrpc.verification.interop.containerd;

import static org.awaitility.Awaitility.await;

import dev.ttrpc.verification.interop.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A containerd of our own: its state, its sockets and its namespace are nobody else's, and all of it ends with {@link #close}. */
final class Daemon implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final ContainerdPrograms programs;
    private final Path folder;
    private final String namespace;
    private final Process process;
    private final List<String> containers = new ArrayList<>();

    private Daemon(ContainerdPrograms programs, Path folder, String namespace, Process process) {
        this.programs = programs;
        this.folder = folder;
        this.namespace = namespace;
        this.process = process;
    }

    /** @param namespace of all its containers, which no other daemon may use at the same time */
    static Daemon start(ContainerdPrograms programs, Path folder, String namespace) throws IOException {
        Path config = folder.resolve("config.toml");
        Files.writeString(config, config(programs, folder));
        ProcessBuilder start = new ProcessBuilder(programs.containerd().toString(), "-c", config.toString());
        start.environment().merge("PATH", programs.folder().toString(), (old, first) -> first + ":" + old);
        Path log = Files.createDirectories(Path.of("target", "peers")).resolve("containerd.log");
        start.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Daemon daemon = new Daemon(programs, folder, namespace, start.start());
        Runtime.getRuntime().addShutdownHook(new Thread(daemon.process::destroy, "end of containerd"));
        try {
            await().atMost(BOUND)
                    .until(() ->
                            daemon.process.isAlive() && daemon.tryCtr("version").exitCode() == 0);
        } catch (RuntimeException | Error e) {
            daemon.process.destroy();
            throw e;
        }
        return daemon;
    }

    /** Runs a program in a container. */
    void run(String id, Path rootfs, String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("run", "-d", "--null-io", "--rootfs", rootfs.toString(), id));
        arguments.addAll(List.of(command));
        containers.add(id);
        ctr(arguments.toArray(String[]::new));
    }

    /** Where the shim of a running container listens. */
    String shimAddress(String id) throws IOException {
        Path bundle = folder.resolve("state/io.containerd.runtime.v2.task")
                .resolve(namespace)
                .resolve(id);
        if (!programs.hasBootstrap()) {
            return Files.readString(bundle.resolve("address")).strip();
        }
        String bootstrap = Files.readString(bundle.resolve("bootstrap.json"));
        Matcher address = Pattern.compile("\"address\":\"(unix://[^\"]+)\"").matcher(bootstrap);
        if (!address.find() || !bootstrap.contains("\"protocol\":\"ttrpc\"")) {
            throw new IOException("not a shim that speaks ttrpc: " + bootstrap);
        }
        return address.group(1);
    }

    /** Waits until containerd has ended by itself. */
    void awaitEnd() {
        await().atMost(BOUND).until(() -> !process.isAlive());
    }

    /** Where containerd takes events. */
    String eventsAddress() {
        return "unix:" + folder.resolve("c.sock.ttrpc");
    }

    /** {@code ctr} with what it printed on standard output; it must end well. */
    String ctr(String... arguments) throws IOException, InterruptedException {
        Ctr ended = tryCtr(arguments);
        if (ended.exitCode() != 0) {
            throw new IOException("ctr " + String.join(" ", arguments) + " failed: " + ended.output());
        }
        return ended.output();
    }

    /** {@code ctr events}, line by line. It ends when it is closed. */
    ChildProcess events() throws IOException {
        return ChildProcess.start(
                List.of(
                        programs.ctr().toString(),
                        "-a",
                        folder.resolve("c.sock").toString(),
                        "-n",
                        namespace,
                        "events"),
                Path.of("target", "peers", "ctr.log"));
    }

    private record Ctr(int exitCode, String output) {}

    private Ctr tryCtr(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                programs.ctr().toString(), "-a", folder.resolve("c.sock").toString(), "-n", namespace));
        command.addAll(List.of(arguments));
        Path errors = Path.of("target", "peers", "ctr.log");
        ProcessBuilder ctr =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        ctr.environment().merge("PATH", programs.folder().toString(), (old, first) -> first + ":" + old);
        Path printed = Files.createTempFile(folder, "ctr", ".out");
        Process started = ctr.redirectOutput(printed.toFile()).start();
        try {
            started.getOutputStream().close();
            if (!started.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("ctr " + String.join(" ", arguments) + " did not end");
            }
            return new Ctr(started.exitValue(), Files.readString(printed));
        } finally {
            started.destroyForcibly();
            Files.delete(printed);
        }
    }

    /** Ends its containers, which would outlive it, and then the daemon. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            for (String id : containers) {
                tryCtr("task", "rm", "-f", id);
                tryCtr("container", "rm", id);
            }
        } finally {
            process.destroy();
            if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static String config(ContainerdPrograms programs, Path folder) {
        List<String> disabled = new ArrayList<>(List.of(
                "io.containerd.grpc.v1.cri",
                "io.containerd.internal.v1.opt",
                "io.containerd.snapshotter.v1.btrfs",
                "io.containerd.snapshotter.v1.zfs",
                "io.containerd.snapshotter.v1.devmapper",
                "io.containerd.snapshotter.v1.overlayfs",
                "io.containerd.tracing.processor.v1.otlp",
                "io.containerd.internal.v1.tracing"));
        disabled.addAll(
                programs.hasBootstrap()
                        ? List.of(
                                "io.containerd.snapshotter.v1.blockfile",
                                "io.containerd.snapshotter.v1.erofs",
                                "io.containerd.cri.v1.images",
                                "io.containerd.cri.v1.runtime",
                                "io.containerd.nri.v1.nri")
                        : List.of("io.containerd.snapshotter.v1.aufs"));
        String config = """
                version = %d
                imports = []
                root = "%s/root"
                state = "%s/state"
                disabled_plugins = ["%s"]
                [grpc]
                  address = "%s/c.sock"
                [ttrpc]
                  address = "%s/c.sock.ttrpc"
                """.formatted(
                programs.hasBootstrap() ? 3 : 2, folder, folder, String.join("\", \"", disabled), folder, folder);
        return programs.hasBootstrap()
                ? config + "[plugins.'io.containerd.shim.v1.manager']\n  socket_dir = \"" + folder + "/s\"\n"
                : config;
    }
}
