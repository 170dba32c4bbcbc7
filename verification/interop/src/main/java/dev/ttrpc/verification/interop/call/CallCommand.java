package dev.ttrpc.verification.interop.call;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.verification.interop.CommandLine;
import dev.ttrpc.verification.interop.UsageException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs cases against a server of the conformance service: one line a case, then the total. */
public final class CallCommand {
    public static final String USAGE =
            "usage: call ADDRESS [--service=conformance|go-streaming] [--stack=blocking|async] [--timeout=SECONDS] [case...] | call --list [--service=...]";

    private static final Set<String> OPTIONS = Set.of("--list", "--service", "--stack", "--timeout");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TtrpcAddress address;
    private final Server.Stack stack;
    private final Duration timeout;

    private CallCommand(TtrpcAddress address, Server.Stack stack, Duration timeout) {
        this.address = address;
        this.stack = stack;
        this.timeout = timeout;
    }

    /** Exit codes: 0 when all cases pass, 1 when one fails. */
    public static int run(List<String> arguments, PrintStream out) throws UsageException, InterruptedException {
        CommandLine line = CommandLine.parse(arguments, OPTIONS);
        List<ConformanceCase> all = casesOf(line.oneOf("--service", "conformance", "go-streaming"));
        if (line.has("--list")) {
            all.forEach(each -> out.printf("%-32s %s%n", each.name(), each.meaning()));
            return 0;
        }
        if (line.words().isEmpty()) {
            throw new UsageException("call needs an address");
        }
        TtrpcAddress address = address(line.words().get(0));
        List<ConformanceCase> cases =
                choose(all, line.words().subList(1, line.words().size()), address);
        Server.Stack stack =
                Server.Stack.valueOf(line.oneOf("--stack", "blocking", "async").toUpperCase(Locale.ROOT));
        CallCommand command = new CallCommand(address, stack, line.duration("--timeout", Duration::ofSeconds, TIMEOUT));
        try {
            return command.runAll(cases, out) == 0 ? 0 : 1;
        } catch (UnsupportedOperationException e) { // the address has a scheme that nothing here connects to
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static List<ConformanceCase> casesOf(String service) {
        return switch (service) {
            case "conformance" -> ConformanceCases.ALL;
            default -> GoStreamingCases.ALL;
        };
    }

    private static TtrpcAddress address(String text) throws UsageException {
        try {
            return TtrpcAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The cases named; where none is, all that can be run against the address. */
    private static List<ConformanceCase> choose(List<ConformanceCase> all, List<String> names, TtrpcAddress address)
            throws UsageException {
        if (names.isEmpty()) {
            return all.stream().filter(each -> canRun(each, address)).toList();
        }
        List<ConformanceCase> chosen = new ArrayList<>();
        for (String name : names) {
            ConformanceCase found = all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("no case is named " + name + ": see call --list"));
            if (!canRun(found, address)) {
                throw new UsageException("case " + name + " needs the path of a unix socket or a TCP port: " + address);
            }
            chosen.add(found);
        }
        return chosen;
    }

    private static boolean canRun(ConformanceCase each, TtrpcAddress address) {
        return !each.needsLink() || Link.reaches(address);
    }

    private int runAll(List<ConformanceCase> cases, PrintStream out) throws InterruptedException {
        int failed = 0;
        for (ConformanceCase each : cases) {
            String reason = run(each);
            if (reason != null) {
                failed++;
            }
            out.println(reason == null ? "ok " + each.name() : "FAILED " + each.name() + ": " + reason);
        }
        out.println((cases.size() - failed) + " passed, " + failed + " failed");
        return failed;
    }

    /** Runs a case on a thread of its own, so that one that never ends costs its time and no more. Returns why it failed, or null. */
    private @Nullable String run(ConformanceCase each) throws InterruptedException {
        try (Server server = new Server(address, stack)) {
            FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
                each.body().run(server);
                return null;
            });
            Thread thread = new Thread(task, "case " + each.name());
            thread.setDaemon(true);
            thread.start();
            task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (TimeoutException e) {
            return "no end within " + timeout.toSeconds() + " s";
        } catch (ExecutionException e) {
            return reason(e.getCause());
        }
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure instanceof CaseFailedException) {
            return String.valueOf(failure.getMessage());
        }
        return String.valueOf(failure).replace('\n', ' ');
    }
}
