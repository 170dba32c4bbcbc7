package dev.ttrpc.verification.benchmarks.soak;

import dev.ttrpc.verification.benchmarks.load.Baseline;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.Leaks;
import dev.ttrpc.verification.benchmarks.load.MixedCalls;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.Tally;
import dev.ttrpc.verification.benchmarks.load.ThisProcess;
import dev.ttrpc.verification.benchmarks.load.Workers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Calls of all kinds by both stacks and over every transport, beside peers that attack, against one server in a process of its own; then everything
 * ends, and nothing may be left. In both processes each buffer is followed.
 */
public final class SoakCommand {
    private static final String USAGE = "usage: soak [--seconds N] [--seed N]";
    private static final int DEFAULT_SECONDS = 600;
    private static final int WARM_UP_SECONDS = 2;
    private static final int ATTACKERS = 2;
    private static final int REPORTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PrintStream out;
    private int seconds = DEFAULT_SECONDS;
    private long seed = System.nanoTime();

    public SoakCommand(PrintStream out) {
        this.out = out;
    }

    /** Exit code 0 where all went well, 1 where not, 2 for a wrong command line. */
    public int run(List<String> arguments) throws IOException, InterruptedException {
        if (!parse(arguments)) {
            System.err.println(USAGE);
            return 2;
        }
        Leaks.follow();
        Path log = Files.createTempFile("ttrpc-soak-server", ".log");
        out.printf("soak of %d s with seed %d; the server logs to %s%n", seconds, seed, log);
        List<String> left = new ArrayList<>();
        Tally calls = new Tally();
        Tally attacks = new Tally();
        try (ServerProcess server = ServerProcess.startWithLeakDetection(log)) {
            round(server, WARM_UP_SECONDS, seed - 1, new Tally(), new Tally());
            Baseline ofServer = Baseline.atRest(server);
            Baseline ofClient = Baseline.atRest(new ThisProcess());
            String inProcess = round(server, seconds, seed, calls, attacks);
            out.println("calls by unix and tcp: " + calls);
            out.println("calls in process: " + inProcess);
            out.println("attacks: " + attacks);
            left.addAll(ofServer.awaitReturn(PATIENCE));
            left.addAll(ofClient.awaitReturn(PATIENCE));
            if (!inProcess.startsWith("failures=0 ")) {
                left.add("calls in process failed, see the server's log");
            }
            out.println("server before: " + ofServer.before().values());
            out.println("server after: " + server.measure().values());
        }
        if (calls.failures() + attacks.failures() > 0) {
            left.add(calls.failures() + " calls and " + attacks.failures() + " attacks had a wrong result");
        }
        left.forEach(sentence -> out.println("FAILED " + sentence));
        out.println(left.isEmpty() ? "ok soak: nothing left" : "FAILED soak with seed " + seed);
        return left.isEmpty() ? 0 : 1;
    }

    private boolean parse(List<String> arguments) {
        try {
            for (int i = 0; i < arguments.size(); i += 2) {
                if (i + 1 == arguments.size()) {
                    return false;
                }
                switch (arguments.get(i)) {
                    case "--seconds" -> seconds = Integer.parseInt(arguments.get(i + 1));
                    case "--seed" -> seed = Long.parseLong(arguments.get(i + 1));
                    default -> {
                        return false;
                    }
                }
            }
        } catch (NumberFormatException e) {
            return false;
        }
        return seconds > 0;
    }

    private String round(ServerProcess server, int duration, long roundSeed, Tally calls, Tally attacks)
            throws IOException, InterruptedException {
        Random seeds = new Random(roundSeed);
        List<String> addresses = List.of(server.unix(), server.tcp());
        List<Workers.Turn> turns = new ArrayList<>();
        for (String address : addresses) {
            for (int i = 0; i < ATTACKERS; i++) {
                Attacks attacker = new Attacks(address, new Random(seeds.nextLong()));
                turns.add(() -> attacker.run(attacks));
            }
            Attacks staller = new Attacks(address, new Random(seeds.nextLong()));
            turns.add(() -> staller.stall(attacks));
        }
        List<MixedCalls> callers = new ArrayList<>();
        for (String address : addresses) {
            callers.add(new MixedCalls(address, seeds.nextLong(), calls));
        }
        server.beginInProcess(seeds.nextLong());
        try (Workers attackers = new Workers("attacker", turns, attacks)) {
            attackers.begin();
            callers.forEach(MixedCalls::begin);
            for (int i = 0; i < Math.min(REPORTS, duration); i++) {
                TimeUnit.MILLISECONDS.sleep(duration * 1000L / Math.min(REPORTS, duration));
                Footprint now = server.glance();
                if (duration > WARM_UP_SECONDS) {
                    out.println("  " + calls.total() + " calls, " + attacks.total() + " attacks, "
                            + (calls.failures() + attacks.failures()) + " failures; server " + now.values());
                }
            }
        } finally {
            for (MixedCalls caller : callers) {
                caller.close();
            }
        }
        return server.endInProcess();
    }
}
