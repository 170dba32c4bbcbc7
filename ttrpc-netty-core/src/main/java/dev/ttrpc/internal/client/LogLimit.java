package dev.ttrpc.internal.client;

import java.util.concurrent.TimeUnit;

/** Lets one line a minute through, so that a server cannot fill the log. Belongs to an event loop. */
final class LogLimit {
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private boolean used;
    private long last;
    private long withheld;

    /**
     * Asks for a line.
     *
     * @return how many were withheld since the last one, or -1 where this one is to be withheld too
     */
    long ask(long nanoTime) {
        if (used && nanoTime - last < INTERVAL_NANOS) {
            withheld++;
            return -1;
        }
        used = true;
        last = nanoTime;
        long since = withheld;
        withheld = 0;
        return since;
    }
}
