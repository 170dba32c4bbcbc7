package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The most that a server held in a while. */
final class Peak {
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private final ServerProcess server;
    private final Footprint before;
    private long memory;
    private long direct;
    private long calls;
    private long threads;

    private Peak(ServerProcess server, Footprint before) {
        this.server = server;
        this.before = before;
    }

    /** Begins with what the server holds now. */
    static Peak of(ServerProcess server) throws IOException, InterruptedException {
        return new Peak(server, server.measure());
    }

    /** Looks again and again: live heap and direct memory together, which takes a collection each time. */
    Peak watch(Duration duration) throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        do {
            look();
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        } while (System.nanoTime() < end);
        return this;
    }

    void look() throws IOException, InterruptedException {
        Footprint now = server.measure();
        memory = Math.max(memory, now.memory() - before.memory());
        direct = Math.max(direct, now.get(Footprint.DIRECT) - before.get(Footprint.DIRECT));
        calls = Math.max(calls, now.get(Footprint.CALLS));
        threads = Math.max(threads, now.get(Footprint.THREADS) - before.get(Footprint.THREADS));
    }

    /** Looks at direct memory alone, which stops nobody as a collection does. */
    void glance() throws IOException, InterruptedException {
        direct = Math.max(direct, server.glance().get(Footprint.DIRECT) - before.get(Footprint.DIRECT));
        memory = Math.max(memory, direct);
    }

    /** Bytes of heap and direct memory more than before. */
    long memory() {
        return memory;
    }

    long calls() {
        return calls;
    }

    long threads() {
        return threads;
    }
}
