package dev.ttrpc.testing;

import dev.ttrpc.internal.transport.TtrpcEventLoopThread;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;

/**
 * Records whatever blocks on an event loop of ttrpc: sleeping, parking, waiting for a process or a socket, in whatever library. It goes on all the same, so that a test sees what it
 * would see without. Any thread.
 */
public final class BlockingRecorder {
    private static final ConcurrentLinkedQueue<Throwable> FOUND = new ConcurrentLinkedQueue<>();
    private static final int FLOOR = 17;
    private static final boolean INSTALLED = install();

    private BlockingRecorder() {}

    /**
     * Loads this class, and with that records from here on.
     *
     * @return false where BlockHound cannot see into this JVM, as newer ones now and then will not have it; on the floor of 17 that is a failure
     */
    static boolean isInstalled() {
        return INSTALLED;
    }

    private static boolean install() {
        try {
            installNow();
            return true;
        } catch (IllegalStateException e) {
            if (Runtime.version().feature() == FLOOR) {
                throw e;
            }
            System.out.println("Skipped: what blocks an event loop is not looked for on this JVM: " + e.getMessage());
            return false;
        }
    }

    private static void installNow() {
        BlockHound.builder()
                .loadIntegrations()
                .nonBlockingThreadPredicate(known -> known.or(TtrpcEventLoopThread.class::isInstance))
                .blockingMethodCallback(method -> {
                    if (Thread.currentThread() instanceof TtrpcEventLoopThread) {
                        FOUND.add(new IllegalStateException(
                                method + " on " + Thread.currentThread().getName()));
                    }
                })
                // the event loop of local channels has nothing else to wait for its work with
                .allowBlockingCallsInside("io.netty.channel.local.LocalIoHandler", "run")
                // the log of the tests goes to the console
                .allowBlockingCallsInside("ch.qos.logback.classic.Logger", "callAppenders")
                // locks held for a few steps, by threads that wait for nothing meanwhile
                .allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock")
                .install();
    }

    /** Returns what was found since the last time, and forgets it. */
    static List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        for (Throwable found = FOUND.poll(); found != null; found = FOUND.poll()) {
            StringWriter text = new StringWriter();
            found.printStackTrace(new PrintWriter(text));
            taken.add(text.toString());
        }
        return taken;
    }
}
