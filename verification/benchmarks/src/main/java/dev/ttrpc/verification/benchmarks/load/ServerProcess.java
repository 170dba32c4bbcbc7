package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.verification.interop.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The loaded server, seen from the process that started it. Ended by {@link #close}, or by the end of this process. */
public final class ServerProcess implements Observed, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Little enough that what grows without bounds ends the server within a figure. */
    private static final List<String> MEMORY = List.of("-Xmx512m", "-XX:MaxDirectMemorySize=512m");

    private final Path folder;
    private final ChildProcess process;
    private final String unix;
    private final String tcp;

    private ServerProcess(Path folder, ChildProcess process, List<String> addresses) {
        this.folder = folder;
        this.process = process;
        this.unix = addresses.get(1);
        this.tcp = addresses.get(2);
    }

    /** Starts a server; what it logs goes to standard error. */
    public static ServerProcess start() throws IOException, InterruptedException {
        return start(null);
    }

    /** Starts a server that looks for leaked buffers and logs into a file. */
    public static ServerProcess startWithLeakDetection(Path log) throws IOException, InterruptedException {
        return start(log);
    }

    private static ServerProcess start(@Nullable Path log) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ttrpc-load");
        String[] addresses = {"unix:" + folder.resolve("s"), "tcp://127.0.0.1:0"};
        List<String> command = new ArrayList<>(ChildProcess.java(LoadServer.class, addresses));
        command.addAll(1, MEMORY);
        if (log != null) {
            command.add(LoadServer.LEAKS);
        }
        ChildProcess process = log == null ? ChildProcess.start(command) : ChildProcess.start(command, log);
        try {
            String serving = process.awaitLine("serving ", PATIENCE);
            return new ServerProcess(folder, process, List.of(serving.split(" ", -1)));
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** Its address on a unix socket. */
    public String unix() {
        return unix;
    }

    /** Its address on TCP. */
    public String tcp() {
        return tcp;
    }

    @Override
    public String name() {
        return "server";
    }

    @Override
    public Footprint glance() throws IOException, InterruptedException {
        return new Footprint(ask("glance"));
    }

    @Override
    public Footprint measure() throws IOException, InterruptedException {
        return new Footprint(ask("measure"));
    }

    @Override
    public Map<String, Long> objects() throws IOException, InterruptedException {
        return ask("objects");
    }

    /** Has the server's process call its own server by the in-process transport. */
    public void beginInProcess(long seed) throws IOException, InterruptedException {
        String order = "begin " + seed;
        process.writeLine(order);
        process.awaitLine(order, PATIENCE);
    }

    /** Ends those calls, and tells what they were. */
    public String endInProcess() throws IOException, InterruptedException {
        process.writeLine("end");
        return process.awaitLine("end ", PATIENCE).substring("end ".length());
    }

    private Map<String, Long> ask(String order) throws IOException, InterruptedException {
        process.writeLine(order);
        return Footprint.ofLine(process.awaitLine(order, PATIENCE));
    }

    @Override
    public void close() throws IOException {
        process.close();
        try (var left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
