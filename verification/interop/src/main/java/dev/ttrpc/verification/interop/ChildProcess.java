package dev.ttrpc.verification.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program that was started here and is ended here, at the latest with this JVM's own orderly end. Its standard output is read line by
 * line.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);
    /** From here on Netty and protobuf draw warnings of the JVM unless it is told that they may. */
    private static final int FIRST_JDK_THAT_WARNS = 24;

    private final Process process;
    private final String name;
    /** Lines of standard output; what is empty is its end. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private final Thread atExit;

    private ChildProcess(Process process, String name) {
        this.process = process;
        this.name = name;
        this.atExit = new Thread(process::destroyForcibly, "end of " + name);
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread reader = new Thread(this::readOutput, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a command, whose standard error goes where this process's goes. */
    public static ChildProcess start(List<String> command) throws IOException {
        return start(command, ProcessBuilder.Redirect.INHERIT);
    }

    /** Starts a command, whose standard error is appended to a file. */
    public static ChildProcess start(List<String> command, Path errors) throws IOException {
        return start(command, ProcessBuilder.Redirect.appendTo(errors.toFile()));
    }

    private static ChildProcess start(List<String> command, ProcessBuilder.Redirect errors) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        return new ChildProcess(process, String.valueOf(Path.of(command.get(0)).getFileName()));
    }

    /** The command that runs a class of this JVM's class path in a JVM of its own. */
    public static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The next line of standard output.
     *
     * @return null at its end
     * @throws IOException where none comes in time
     */
    public @Nullable String readLine(Duration timeout) throws IOException, InterruptedException {
        Optional<String> line = lines.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IOException(name + " wrote no line within " + timeout.toSeconds() + " s");
        }
        if (line.isEmpty()) {
            lines.add(line);
        }
        return line.orElse(null);
    }

    /** Reads lines until one begins so. */
    public String awaitLine(String prefix, Duration timeout) throws IOException, InterruptedException {
        String line = readLine(timeout);
        while (line != null && !line.startsWith(prefix)) {
            line = readLine(timeout);
        }
        if (line == null) {
            throw new IOException(name + " ended without the line " + prefix);
        }
        return line;
    }

    /** All further lines until the program ends by itself. */
    public List<String> readToEnd(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        List<String> read = new ArrayList<>();
        for (String line = readLine(timeout);
                line != null;
                line = readLine(Duration.ofNanos(end - System.nanoTime()))) {
            read.add(line);
        }
        return read;
    }

    /** Writes a line to standard input. */
    public void writeLine(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits until the program has ended by itself. */
    public int awaitExit(Duration timeout) throws IOException, InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(name + " did not end within " + timeout.toSeconds() + " s");
        }
        return process.exitValue();
    }

    /** Asks the program to end (SIGTERM) and waits for that. */
    public int terminate(Duration timeout) throws IOException, InterruptedException {
        process.destroy();
        return awaitExit(timeout);
    }

    /** Sends the program a signal by its name, such as {@code INT}. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("signal " + name + " cannot be sent to " + this.name);
        }
    }

    /** What the program has used of all CPUs so far. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends the program, with force where asking is not enough. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readOutput() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            lines.add(Optional.of("the output of " + name + " cannot be read: " + e.getMessage()));
        } finally {
            lines.add(Optional.empty());
        }
    }
}
