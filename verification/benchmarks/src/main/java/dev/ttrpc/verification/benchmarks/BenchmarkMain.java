package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.benchmarks.compare.CompareCommand;
import dev.ttrpc.verification.benchmarks.figures.FiguresCommand;
import dev.ttrpc.verification.benchmarks.programs.CallCommand;
import dev.ttrpc.verification.benchmarks.programs.ServeCommand;
import dev.ttrpc.verification.benchmarks.soak.SoakCommand;
import dev.ttrpc.verification.interop.UsageException;
import java.io.IOException;
import java.util.List;

/**
 * Compares implementations, measures what is to be reached under load, or is one of the processes that a comparison starts.
 *
 * <pre>
 * ttrpc-benchmarks compare [--quick] [--cells=NAME,...] [--subjects=NAME,...] [--place=same|free] [--jdk=HOME] [--out=FILE]
 * ttrpc-benchmarks figures [--list | --quick] [NAME...]
 * ttrpc-benchmarks soak [--seconds N] [--seed N]
 * ttrpc-benchmarks serve SERVER unix:PATH
 * ttrpc-benchmarks call CALLER
 * </pre>
 */
public final class BenchmarkMain {
    private static final String USAGE = "usage: ttrpc-benchmarks " + CompareCommand.USAGE
            + " | figures [--list | --quick] [NAME...] | soak [--seconds N] [--seed N]"
            + " | serve SERVER unix:PATH | call CALLER";

    private BenchmarkMain() {}

    /** Exit code 0 when measured, 1 when that failed, 2 for a wrong command line. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            System.exit(run(List.of(arguments)));
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        } catch (IOException e) {
            System.err.println("the benchmark failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> arguments) throws IOException, InterruptedException, UsageException {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        return switch (command) {
            case "compare" -> new CompareCommand(System.out).run(rest);
            case "figures" -> new FiguresCommand(System.out).run(rest);
            case "soak" -> new SoakCommand(System.out).run(rest);
            case "serve" -> ServeCommand.run(rest);
            case "call" -> CallCommand.run(rest);
            default -> throw new UsageException("no such command: " + command);
        };
    }
}
