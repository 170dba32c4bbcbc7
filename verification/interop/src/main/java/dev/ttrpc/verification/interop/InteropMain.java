package dev.ttrpc.verification.interop;

import dev.ttrpc.verification.interop.call.CallCommand;
import dev.ttrpc.verification.interop.serve.ServeCommand;
import java.util.List;
import java.util.Set;

/** The runnable jar: {@code serve} and {@code call}. */
public final class InteropMain {
    private static final int WRONG_COMMAND_LINE = 2;
    private static final Set<String> HELP = Set.of("--help", "-h");

    private InteropMain() {}

    /** Exit codes: 0 when all went well, 1 when something failed, 2 for a wrong command line. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    /** Runs a command line and gives its exit code. */
    static int run(List<String> arguments) throws InterruptedException {
        if (arguments.stream().anyMatch(HELP::contains)) {
            System.out.println(ServeCommand.USAGE);
            System.out.println(CallCommand.USAGE);
            return 0;
        }
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        try {
            return switch (command) {
                case "serve" -> ServeCommand.run(arguments.subList(1, arguments.size()));
                case "call" -> CallCommand.run(arguments.subList(1, arguments.size()), System.out);
                default ->
                    throw new UsageException(command.isEmpty() ? "a command is missing" : "unknown command " + command);
            };
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(ServeCommand.USAGE);
            System.err.println(CallCommand.USAGE);
            return WRONG_COMMAND_LINE;
        }
    }
}
