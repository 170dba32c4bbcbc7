package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.interop.ChildProcess;
import dev.ttrpc.verification.interop.RustPrograms;
import dev.ttrpc.verification.interop.Toolchain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The program of {@code verification/benchmarks/rust}, built here. */
record RustBenchmark(Path program) {
    private static final Duration BUILD = Duration.ofMinutes(9);

    /**
     * Builds it, or takes what an unchanged build has left.
     *
     * @param optimized whether as it is measured, which takes minutes the first time; else in the time that interop's has taken already
     */
    static RustBenchmark build(boolean optimized) throws IOException, InterruptedException {
        Path verification = Toolchain.projectFolder().resolve("verification");
        Path target = RustPrograms.target(); // where the same dependencies may have been compiled before
        List<String> cargo = new ArrayList<>(List.of("cargo", "build", "--quiet", "--target-dir", target.toString()));
        if (optimized) {
            cargo.add("--release");
        }
        Toolchain.run(verification.resolve("benchmarks/rust"), cargo, BUILD);
        return new RustBenchmark(target.resolve(optimized ? "release" : "debug").resolve("ttrpc-rust-benchmark"));
    }

    /** What the program was built of: the versions of Rust's ttrpc and of Rust. */
    String versions() throws IOException, InterruptedException {
        try (ChildProcess asked = ChildProcess.start(List.of(program.toString(), "--version"))) {
            return String.valueOf(asked.readLine(Duration.ofSeconds(10)));
        }
    }
}
