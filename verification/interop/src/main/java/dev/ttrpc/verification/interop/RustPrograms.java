package dev.ttrpc.verification.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program of {@code verification/interop/rust}, built here: Rust's ttrpc as a peer. */
public final class RustPrograms {
    private static final Duration BUILD = Duration.ofMinutes(8);
    /** As Cargo.toml has it. */
    private static final String LEAST = "1.85";
    /** Cargo's own variable: where it is set the program is built there, and outlives {@code mvn clean}. */
    private static final String BUILT = "CARGO_TARGET_DIR";

    private static @Nullable RustPrograms built; // guarded by the class

    private final Path program;

    private RustPrograms(Path program) {
        this.program = program;
    }

    /** Why there is no peer to be had on this machine, in one sentence, or null where there is one. */
    public static @Nullable String missing() {
        return Toolchain.missing("Rust", "cargo", LEAST, "--version");
    }

    /**
     * Generates the code of the .proto files and builds the program, or takes what an unchanged build has left; once in a JVM.
     *
     * @throws IOException where that fails; what Rust said stands on standard error
     */
    public static synchronized RustPrograms build() throws IOException, InterruptedException {
        RustPrograms programs = built;
        if (programs == null) {
            programs = buildAlone();
            built = programs;
        }
        return programs;
    }

    private static RustPrograms buildAlone() throws IOException, InterruptedException {
        Path module = Toolchain.projectFolder().resolve(Toolchain.MODULE);
        Path target = target();
        List<String> cargo = List.of("cargo", "build", "--quiet", "--target-dir", target.toString());
        Toolchain.run(module.resolve("rust"), cargo, BUILD);
        return new RustPrograms(target.resolve("debug/ttrpc-rust-peer"));
    }

    /** Where Rust's programs are built, and what they depend on. */
    public static Path target() throws IOException {
        String given = System.getenv(BUILT);
        return given == null
                ? Toolchain.projectFolder().resolve(Toolchain.MODULE).resolve("target/rust")
                : Path.of(given).toAbsolutePath();
    }

    /** The command that serves or calls, {@code serve} and {@code call} being the first argument. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What the program was built of: the versions of Rust's ttrpc and of Rust. */
    public String versions() throws IOException, InterruptedException {
        try (ChildProcess asked = ChildProcess.start(command("--version"))) {
            return String.valueOf(asked.readLine(Duration.ofSeconds(10)));
        }
    }
}
