package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.verification.interop.CommandLine;
import dev.ttrpc.verification.interop.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** Serves the conformance service and the peers' own until the process is asked to end (SIGTERM, SIGINT), then drains. */
public final class ServeCommand {
    public static final String USAGE = "usage: serve ADDRESS... [--stack=blocking|async] [--non-blocking]"
            + " [--max-message-size=BYTES] [--max-concurrent-calls=N] [--stall-timeout=MILLIS] [--receive-budget=BYTES]"
            + " [--require-peer=same-user|root|UID:GID] [--grace=SECONDS]";

    private static final Set<String> OPTIONS = Set.of(
            "--stack",
            "--non-blocking",
            "--max-message-size",
            "--max-concurrent-calls",
            "--stall-timeout",
            "--receive-budget",
            "--require-peer",
            "--grace");
    private static final Duration GRACE = Duration.ofSeconds(5);

    private ServeCommand() {}

    /** Runs the command. Returns only where it fails; asked to end, the process ends with exit code 0. */
    public static int run(List<String> arguments) throws UsageException, InterruptedException {
        CommandLine line = CommandLine.parse(arguments, OPTIONS);
        if (line.words().isEmpty()) {
            throw new UsageException("serve needs an address");
        }
        Duration grace = line.duration("--grace", Duration::ofSeconds, GRACE);
        TtrpcServer server = server(line);
        try {
            server.start();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (UnsupportedOperationException e) { // an address has a scheme that nothing here listens on
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server, grace), "drain"));
        announce(line.words(), server.addresses());
        new CountDownLatch(1).await();
        return 0;
    }

    /** Names each address as it was given, or with its real port where that was for the system to choose. */
    private static void announce(List<String> given, List<TtrpcAddress> real) {
        for (int i = 0; i < given.size(); i++) {
            boolean same = TtrpcAddress.parse(given.get(i)).equals(real.get(i));
            System.out.println("serving " + (same ? given.get(i) : real.get(i)));
        }
        System.out.flush();
    }

    private static TtrpcServer server(CommandLine line) throws UsageException {
        try {
            TtrpcServer.Builder builder = TtrpcServer.builder()
                    .listen(line.words().toArray(String[]::new))
                    .service(services(line));
            Long maxMessageSize = line.number("--max-message-size");
            if (maxMessageSize != null) {
                builder.maxMessageSize(asInt("--max-message-size", maxMessageSize));
            }
            Long maxConcurrentCalls = line.number("--max-concurrent-calls");
            if (maxConcurrentCalls != null) {
                builder.maxConcurrentCalls(asInt("--max-concurrent-calls", maxConcurrentCalls));
            }
            Long stallTimeout = line.number("--stall-timeout");
            if (stallTimeout != null) {
                builder.stallTimeout(Duration.ofMillis(stallTimeout));
            }
            Long receiveBudget = line.number("--receive-budget");
            if (receiveBudget != null) {
                builder.receiveBudget(receiveBudget);
            }
            String requiredPeer = line.value("--require-peer");
            if (requiredPeer != null) {
                builder.peerCheck(PeerRequirement.parse(requiredPeer));
                refuseTcp(line.words());
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** A server that would refuse whoever connects is a mistake. */
    private static void refuseTcp(List<String> addresses) throws UsageException {
        for (String address : addresses) {
            if (TtrpcAddress.parse(address) instanceof TtrpcAddress.Tcp) {
                throw new UsageException(
                        "--require-peer needs unix sockets, TCP does not tell who connects: " + address);
            }
        }
    }

    private static int asInt(String option, long value) throws UsageException {
        if (value > Integer.MAX_VALUE) {
            throw new UsageException(option + " must be at most " + Integer.MAX_VALUE + ": " + value);
        }
        return (int) value;
    }

    private static ServiceDefinition[] services(CommandLine line) throws UsageException {
        boolean nonBlocking = line.has("--non-blocking");
        return line.oneOf("--stack", "blocking", "async").equals("blocking")
                ? ServedServices.blocking(nonBlocking)
                : ServedServices.async(nonBlocking);
    }

    /** Ends the process with exit code 0, which a JVM that was asked to end by a signal would not do. */
    private static void drain(TtrpcServer server, Duration grace) {
        int exitCode = 0;
        try {
            server.shutdown(grace).join();
            server.close();
        } catch (CompletionException e) {
            System.err.println("the drain failed: " + e.getMessage());
            exitCode = 1;
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
