package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import dev.ttrpc.internal.connection.HandParking;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One input as what happens to one side of a connection, one thing after the other on one thread: the event loop, the executor and the clock stand still until the script moves
 * them. Code that waits lets the script go on meanwhile, so a wait within a wait ends first: its thread is the slower one.
 *
 * <p>When the script is over everything is given time and room to come to rest, the rest is checked, and the connection is closed.
 */
abstract class HandDriven {
    private static final int MOST_STEPS = 150;
    private static final int MOST_ROUNDS = 500;
    private static final int MOST_WAITS_AT_THE_END = 2_000;
    private static final int MOST_WAITS_FOR_OUTPUT = 20;

    final Script script;
    final HandLoop loop = new HandLoop();
    final CountingAllocator memory = new CountingAllocator();
    final Tasks tasks = new Tasks();
    private final LogWatch log;
    private Phase phase = Phase.SCRIPT;
    private int steps;
    private int quiet;
    private int roomless;
    private Error finding;

    private enum Phase {
        SCRIPT,
        REST,
        END
    }

    HandDriven(Script script, LogWatch log) {
        this.script = script;
        this.log = log;
    }

    /** Does what the script says next. */
    abstract void play();

    /** Has the peer read all that is written. Returns whether there was something. */
    abstract boolean takeOutput();

    /** Gives everything that is under way time and room. Returns whether something moved. */
    abstract boolean comeToRest();

    /** Checks what must hold while the connection lives and nothing is under way. */
    abstract void checkRest();

    /** Ends the connection and what the user holds. Called again as long as somebody waits. */
    abstract void end();

    /** Checks what must hold when all is over. */
    abstract void checkEnd();

    /** Fails where something was logged that should not be. */
    final void checkLog() {
        log.check();
    }

    final void run() throws Exception {
        try (AutoCloseable parking = HandParking.insteadOfWaiting(this::waitForOutput, this::waitForOthers)) {
            while (phase != Phase.END) {
                step();
            }
            for (int i = 0; i < 3; i++) {
                step();
                ForkJoinPool.commonPool().awaitQuiescence(10, TimeUnit.SECONDS);
            }
            rethrow();
            checkEnd();
            log.check();
            check(tasks.isEmpty(), "a task waits for a thread");
            check(loop.isIdle(), "a timer or a task of the event loop is left");
            check(memory.held() == 0, () -> memory.held() + " bytes were never released");
        }
    }

    private void waitForOthers() {
        checkMayWait();
        step();
    }

    /** What is reserved is held by others until the thread that got it goes on, so nothing happens but that the peer reads. */
    private void waitForOutput() {
        checkMayWait();
        rethrow();
        roomless = takeOutput() ? 0 : roomless + 1;
        if (roomless > MOST_WAITS_FOR_OUTPUT) {
            finding = new AssertionError("output is waited for although the peer reads");
            throw finding;
        }
    }

    private void checkMayWait() {
        if (loop.isRunning()) {
            finding = new AssertionError("something waits on the event loop");
            throw finding;
        }
    }

    private void step() {
        rethrow();
        try {
            switch (phase) {
                case SCRIPT -> {
                    if (script.isOver() || steps++ == MOST_STEPS) {
                        phase = Phase.REST;
                        steps = 0;
                    } else {
                        play();
                    }
                }
                case REST -> {
                    quiet = comeToRest() ? 0 : quiet + 1;
                    check(steps++ < MOST_ROUNDS, "it never comes to rest");
                    if (quiet == 4) {
                        checkRest();
                        phase = Phase.END;
                        steps = 0;
                    }
                }
                case END -> {
                    check(steps++ < MOST_WAITS_AT_THE_END, "something waits for ever");
                    end();
                }
            }
        } catch (AssertionError e) {
            finding = finding == null ? e : finding; // else it would be the failure of a handler
            throw e;
        }
    }

    private void rethrow() {
        if (finding != null) {
            throw finding;
        }
    }

    /** The executor of handlers, or of callbacks: runs a task when it is told to. */
    static final class Tasks implements Executor {
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        boolean refuses;

        @Override
        public synchronized void execute(Runnable task) {
            if (refuses) {
                throw new RejectedExecutionException();
            }
            waiting.add(task);
        }

        boolean run(boolean newest) {
            Runnable task;
            synchronized (this) {
                task = newest ? waiting.pollLast() : waiting.pollFirst();
            }
            if (task != null) {
                task.run();
            }
            return task != null;
        }

        synchronized boolean isEmpty() {
            return waiting.isEmpty();
        }
    }
}
