package dev.ttrpc.verification.benchmarks.programs;

import dev.ttrpc.verification.benchmarks.Caller;
import dev.ttrpc.verification.benchmarks.raw.RawCaller;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls as the lines of standard input say, until there are no more. */
public final class CallCommand {
    private CallCommand() {}

    /** Exit code 2 for a wrong command line, else 0 at the end of standard input. */
    public static int run(List<String> arguments) throws IOException, InterruptedException {
        Caller caller = arguments.size() == 1 ? caller(arguments.get(0)) : null;
        if (caller == null) {
            System.err.println("usage: call CALLER");
            return 2;
        }
        caller.obeyStandardInput();
        return 0;
    }

    private static @Nullable Caller caller(String name) {
        return switch (name) {
            case "raw" -> new RawCaller();
            default -> null;
        };
    }
}
