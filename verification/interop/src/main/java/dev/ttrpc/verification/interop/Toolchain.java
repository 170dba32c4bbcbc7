package dev.ttrpc.verification.interop;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs what builds the peers of other languages. */
public final class Toolchain {
    static final String MODULE = "verification/interop";

    private static final Pattern VERSION = Pattern.compile("[0-9]+(\\.[0-9]+)+");
    private static final Duration VERSION_LIMIT = Duration.ofMinutes(2); // rustup may have to fetch what it stands for

    private Toolchain() {}

    /**
     * Why there is no peer of a language to be had here, in one sentence, or null where there is one.
     *
     * @param least the oldest version of the program that can build it
     * @param argument by which the program tells its version
     */
    static @Nullable String missing(String language, String program, String least, String argument) {
        if (!has(program)) {
            return language + " is not installed (no \"" + program + "\" on the PATH): its ttrpc is not tested against";
        }
        String said = firstLine(List.of(program, argument));
        return isAtLeast(least, said)
                ? null
                : language + " is too old (\"" + said + "\", and " + least
                        + " is needed): its ttrpc is not tested against";
    }

    /** Whether the first number with a point in a text is a version and not older. */
    static boolean isAtLeast(String least, String said) {
        Matcher number = VERSION.matcher(said);
        return number.find() && Version.parse(number.group()).compareTo(Version.parse(least)) >= 0;
    }

    private static String firstLine(List<String> command) {
        try (ChildProcess program = ChildProcess.start(command)) {
            return String.valueOf(program.readLine(VERSION_LIMIT));
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Whether a program is on the path. */
    public static boolean has(String program) {
        String path = System.getenv("PATH");
        return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
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
