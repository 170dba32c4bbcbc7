package dev.ttrpc.verification.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Threads that do something again and again until they are told to end. */
public final class Workers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Thread> threads = new ArrayList<>();
    private final Tally tally;
    private volatile boolean ending; // set by close, read by the threads

    /** What one of them does again and again. */
    @FunctionalInterface
    public interface Turn {
        void run() throws InterruptedException;
    }

    /** One thread for each of {@code turns}. */
    public Workers(String name, List<Turn> turns, Tally tally) {
        this.tally = tally;
        for (Turn turn : turns) {
            Thread thread = new Thread(() -> repeat(name, turn), name);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void begin() {
        threads.forEach(Thread::start);
    }

    private void repeat(String name, Turn turn) {
        try {
            while (!ending) {
                turn.run();
            }
        } catch (InterruptedException e) {
            tally.failed(name, e);
        } catch (RuntimeException | Error e) {
            tally.failed(name + ", which ended a thread", e);
        }
    }

    /** Waits until each has finished what it does. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError("it did not end within " + PATIENCE);
                stuck.setStackTrace(thread.getStackTrace());
                tally.failed(thread.getName(), stuck);
                thread.interrupt();
            }
        }
    }
}
