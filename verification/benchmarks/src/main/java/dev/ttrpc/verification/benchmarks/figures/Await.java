package dev.ttrpc.verification.benchmarks.figures;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for something, not for ever. */
final class Await {
    private static final long BETWEEN_LOOKS_MILLIS = 20;

    private Await() {}

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void until(String what, Duration patience, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited " + patience.toSeconds() + " s for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }
}
