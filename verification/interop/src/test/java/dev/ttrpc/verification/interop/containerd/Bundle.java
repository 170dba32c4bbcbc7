package dev.ttrpc.verification.interop.containerd;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/** What a container is made of: a root file system with busybox, and the directory with {@code config.json} and the FIFO of the shim's log. */
final class Bundle implements AutoCloseable {
    private static final List<String> APPLETS = List.of("sh", "sleep", "echo", "cat", "env", "true");
    private static final int COMMAND_SECONDS = 20;

    private final Path folder;
    private final RandomAccessFile log; // open for reading, or the shim dies as soon as it writes to it

    private Bundle(Path folder, RandomAccessFile log) {
        this.folder = folder;
        this.log = log;
    }

    /** Makes a root file system that is good for any number of containers. */
    static Path rootfs(Path parent) throws IOException {
        Path root = parent.resolve("rootfs");
        for (String name : List.of("bin", "dev", "etc", "proc", "sys", "tmp")) {
            Files.createDirectories(root.resolve(name));
        }
        Path busybox = root.resolve("bin/busybox");
        Files.copy(Path.of("/bin/busybox"), busybox);
        for (String applet : APPLETS) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        return root;
    }

    /**
     * Makes a bundle for a container that runs a script.
     *
     * @param id of the container, and the name of the folder, as {@code delete} expects it
     */
    static Bundle create(Path parent, String id, Path rootfs, String script) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(parent.resolve(id));
        run(List.of("runc", "spec", "-b", folder.toString()));
        Path config = folder.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"terminal\": true", "\"terminal\": false")
                        .replaceFirst(
                                "\"args\": \\[[^]]*]",
                                Matcher.quoteReplacement("\"args\": [\"/bin/sh\", \"-c\", \"" + script + "\"]"))
                        .replaceFirst("\"path\": \"rootfs\"", "\"path\": \"" + rootfs + "\"")
                        .replaceFirst("\"linux\": \\{", "\"linux\": {\"cgroupsPath\": \"/ttrpc-java/" + id + "\","));
        Path fifo = folder.resolve("log");
        run(List.of("mkfifo", fifo.toString()));
        return new Bundle(folder, new RandomAccessFile(fifo.toFile(), "rw"));
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
