package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections that are closed while calls are under way: each call ends, with its right answer or as one whose connection has gone. */
final class Restarts {
    private static final CallOptions PATIENT = CallOptions.deadline(Duration.ofSeconds(30));
    private static final Set<StatusCode> GONE = Set.of(StatusCode.UNAVAILABLE, StatusCode.CANCELLED);
    private static final int CALLS = 8;
    private static final int LARGEST = 256 << 10;
    private static final int LONGEST_LIFE_MICROS = 100_000;

    private final String address;
    private final Random random;

    Restarts(String address, Random random) {
        this.address = address;
        this.random = random;
    }

    void run(Tally tally) throws InterruptedException {
        int size = random.nextInt(LARGEST);
        List<CompletableFuture<LoadMessage>> answers = new ArrayList<>();
        try (TtrpcChannel channel = TtrpcChannel.to(address)) {
            for (int i = 0; i < CALLS; i++) {
                LoadMethods methods = LoadMethods.BOTH.get(i % 2);
                answers.add(channel.unaryAsync(methods.echo(), Payloads.message(i, size), PATIENT));
            }
            LockSupport.parkNanos(lifeNanos());
        }
        for (int i = 0; i < CALLS; i++) {
            try {
                Payloads.check(Expected.result(answers.get(i)), i, size);
                tally.done("restart-answered");
            } catch (TtrpcException e) {
                if (GONE.contains(e.status().code())) {
                    tally.done("restart-gone");
                } else {
                    tally.failed("call of a connection that was closed, by " + address, e);
                }
            } catch (AssertionError e) {
                tally.failed("call of a connection that was closed, by " + address, e);
            }
        }
    }

    /** Short ones more often than long ones. */
    private long lifeNanos() {
        return TimeUnit.MICROSECONDS.toNanos(random.nextInt(1 + random.nextInt(LONGEST_LIFE_MICROS)));
    }
}
