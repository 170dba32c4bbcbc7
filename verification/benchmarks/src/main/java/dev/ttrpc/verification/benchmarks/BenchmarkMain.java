package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.benchmarks.figures.FiguresCommand;
import dev.ttrpc.verification.benchmarks.soak.SoakCommand;
import dev.ttrpc.verification.interop.GoPrograms;
import java.io.IOException;
import java.util.List;

/**
 * Compares the servers, measures what is to be reached under load, or is one of the processes that a comparison starts.
 *
 * <pre>
 * ttrpc-benchmarks [--quick | --smoke]        the comparison
 * ttrpc-benchmarks figures [--list | --quick] [NAME...]
 * ttrpc-benchmarks soak [--seconds N] [--seed N]
 * ttrpc-benchmarks serve [--non-blocking] ADDRESS
 * ttrpc-benchmarks load
 * </pre>
 */
public final class BenchmarkMain {
    private static final String USAGE =
            "usage: ttrpc-benchmarks [--quick | --smoke] | figures [--list | --quick] [NAME...]"
                    + " | soak [--seconds N] [--seed N] | serve [--non-blocking] ADDRESS | load";

    private BenchmarkMain() {}

    /** Exit code 0 when measured, 1 when that failed, 2 for a wrong command line. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            System.exit(run(List.of(arguments)));
        } catch (IOException e) {
            System.err.println("the benchmark failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> arguments) throws IOException, InterruptedException {
        String first = arguments.isEmpty() ? "" : arguments.get(0);
        switch (first) {
            case "" -> compare(Schedule.FULL);
            case "--quick" -> compare(Schedule.QUICK);
            case "--smoke" -> compare(Schedule.SMOKE);
            case "load" -> LoadProcess.serveStandardInput();
            case "figures" -> {
                return new FiguresCommand(System.out).run(arguments.subList(1, arguments.size()));
            }
            case "soak" -> {
                return new SoakCommand(System.out).run(arguments.subList(1, arguments.size()));
            }
            case "serve" -> {
                return BenchmarkServer.serve(arguments.subList(1, arguments.size()));
            }
            default -> {
                System.err.println(USAGE);
                return 2;
            }
        }
        return 0;
    }

    private static void compare(Schedule schedule) throws IOException, InterruptedException {
        String missing = GoPrograms.missing();
        if (missing != null) {
            throw new IOException(missing);
        }
        GoPrograms go = GoPrograms.build();
        System.out.printf(
                "Unary calls with %d bytes of payload over a unix socket, server and load generator in two processes.%n",
                LoadProcess.PAYLOAD_SIZE);
        System.out.printf(
                "JDK %s; %s; %d CPUs; %s%n",
                Runtime.version(), go.versions(), Runtime.getRuntime().availableProcessors(), schedule);
        if (Commands.canPin()) {
            compare(schedule, go, "both on one CPU", Commands.ON_ONE_CPU);
        } else {
            System.out.println("There is no taskset on this machine: nothing is measured on one CPU.");
        }
        compare(schedule, go, "on all CPUs", List.of());
    }

    private static void compare(Schedule schedule, GoPrograms go, String where, List<String> prefix)
            throws IOException, InterruptedException {
        try (Comparison comparison = new Comparison(schedule, go, prefix)) {
            new Report(System.out).print(where, comparison.run());
        }
    }
}
