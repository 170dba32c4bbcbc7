package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.interop.ChildProcess;
import dev.ttrpc.verification.interop.GoPrograms;
import java.nio.file.Path;
import java.util.List;

/** A server that is measured. The first one named is what the others are compared with. */
enum Subject {
    GO("Go") {
        @Override
        List<String> command(GoPrograms go, Path socket) {
            return List.of(go.conformanceServer().toString(), "unix:" + socket);
        }
    },
    EXECUTOR("ours, handlers on the executor") {
        @Override
        List<String> command(GoPrograms go, Path socket) {
            return ChildProcess.java(BenchmarkMain.class, "serve", "unix:" + socket);
        }
    },
    EVENT_LOOP("ours, handlers on the event loop") {
        @Override
        List<String> command(GoPrograms go, Path socket) {
            return ChildProcess.java(BenchmarkMain.class, "serve", "--non-blocking", "unix:" + socket);
        }
    };

    private final String label;

    Subject(String label) {
        this.label = label;
    }

    abstract List<String> command(GoPrograms go, Path socket);

    @Override
    public String toString() {
        return label;
    }
}
