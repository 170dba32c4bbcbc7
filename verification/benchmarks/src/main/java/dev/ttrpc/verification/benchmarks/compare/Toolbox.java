package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.interop.GoPrograms;
import dev.ttrpc.verification.interop.RustPrograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the programs of each language when the first of them is wanted, and knows how to run them. */
final class Toolbox {
    private final Jvm jvm;
    private final boolean optimized;
    private @Nullable GoPrograms go;
    private @Nullable RustBenchmark rust;

    /** @param optimized false where it only matters that the programs run, and not how long it takes to build them */
    Toolbox(Jvm jvm, boolean optimized) {
        this.jvm = jvm;
        this.optimized = optimized;
    }

    /** Why programs in one of the languages cannot be built here, in one sentence, or null where all can. */
    static @Nullable String missing(Set<Program.Language> languages) {
        String missing = languages.contains(Program.Language.GO) ? GoPrograms.missing() : null;
        return missing == null && languages.contains(Program.Language.RUST) ? RustPrograms.missing() : missing;
    }

    List<String> command(Program program) throws IOException, InterruptedException {
        if (program.language() == Program.Language.JVM) {
            return jvm.command(program.arguments());
        }
        List<String> command = new ArrayList<>();
        command.add(
                program.language() == Program.Language.GO
                        ? go().benchmark().toString()
                        : rust().program().toString());
        command.addAll(program.arguments());
        return command;
    }

    /** What the programs in some languages are built of and run on. */
    List<String> versions(Set<Program.Language> languages) throws IOException, InterruptedException {
        List<String> versions = new ArrayList<>();
        versions.add("JDK " + jvm.version());
        if (languages.contains(Program.Language.GO)) {
            versions.add(go().versions());
        }
        if (languages.contains(Program.Language.RUST)) {
            versions.add(rust().versions());
        }
        return versions;
    }

    private GoPrograms go() throws IOException, InterruptedException {
        GoPrograms built = go;
        if (built == null) {
            built = GoPrograms.build();
            go = built;
        }
        return built;
    }

    private RustBenchmark rust() throws IOException, InterruptedException {
        RustBenchmark built = rust;
        if (built == null) {
            built = RustBenchmark.build(optimized);
            rust = built;
        }
        return built;
    }
}
