package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the programs that tests set against each other. What they say beside their contract goes to {@code target/peers}. */
final class Peers {
    static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    static final Duration END_TIMEOUT = Duration.ofMinutes(1);
    static final Duration CASES_TIMEOUT = Duration.ofMinutes(3);
    /** More than a program gives a case of its own. */
    private static final Duration CASE_TIMEOUT = Duration.ofSeconds(90);

    private static final Path JAR = Path.of("target", "ttrpc-interop.jar");
    private static final String REQUIRED = "TTRPC_REQUIRE_PEERS";

    private Peers() {}

    /** Go's programs. Without Go the test is skipped, or fails where peers are required. */
    static GoPrograms go() throws IOException, InterruptedException {
        mustBeThere(GoPrograms.missing());
        GoPrograms programs = GoPrograms.build();
        System.out.println("Peer: " + programs.versions());
        return programs;
    }

    /** Rust's program. Without Rust the test is skipped, or fails where peers are required. */
    static RustPrograms rust() throws IOException, InterruptedException {
        mustBeThere(RustPrograms.missing());
        RustPrograms programs = RustPrograms.build();
        System.out.println("Peer: " + programs.versions());
        return programs;
    }

    private static void mustBeThere(@Nullable String missing) {
        if (missing != null) {
            if ("true".equals(System.getenv(REQUIRED))) {
                fail(missing + ", and " + REQUIRED + " demands it");
            }
            System.out.println("Skipped: " + missing); // Maven's console does not show why a class was given up
            abort(missing + "; skipped");
        }
    }

    /** Our runnable jar with some arguments. It lives for seconds: of what it computes, most would be compiling itself. */
    static ChildProcess ours(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return start("ours", command);
    }

    static ChildProcess start(String name, List<String> command) throws IOException {
        Path logs = Files.createDirectories(Path.of("target", "peers"));
        return ChildProcess.start(command, logs.resolve(name + ".log"));
    }

    /** Waits until a server can be connected to, and says where. */
    static String addressOf(ChildProcess server) throws IOException, InterruptedException {
        return server.awaitLine("serving ", START_TIMEOUT).substring("serving ".length());
    }

    /** What a caller, a server and the way between them are called in the record: {@code go-ours(blocking,unix)}. */
    static String pairing(String caller, String address, String server, String options) {
        String ours = options.replace("--stack=", "").replace(" --", "+");
        return caller + "-" + server + "(" + ours + "," + address.substring(0, address.indexOf(':')) + ")";
    }

    /** That a program which runs cases ends well, each case passed. */
    static void mustPass(ChildProcess caller) throws IOException, InterruptedException {
        mustPass(caller, CaseRecord::add);
    }

    /** The same, under a name for the record. */
    static void mustPass(String pairing, ChildProcess caller) throws IOException, InterruptedException {
        mustPass(caller, line -> CaseRecord.add(pairing, line));
    }

    private static void mustPass(ChildProcess caller, Consumer<String> record)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = caller.readLine(CASE_TIMEOUT); line != null; line = caller.readLine(CASE_TIMEOUT)) {
            lines.add(line);
            record.accept(line);
        }
        assertThat(lines).noneMatch(line -> line.startsWith("FAILED"));
        assertThat(lines).last().asString().matches("[1-9][0-9]* passed, 0 failed");
        assertThat(caller.awaitExit(END_TIMEOUT)).isZero();
    }

    /** The names of our cases. */
    static Stream<String> caseNames() throws IOException, InterruptedException {
        try (ChildProcess list = ours("call", "--list")) {
            return list.readToEnd(START_TIMEOUT).stream().map(line -> line.substring(0, line.indexOf(' ')));
        }
    }
}
