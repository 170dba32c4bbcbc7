package dev.ttrpc.internal.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * A warning that somebody outside can bring about as often as he likes: logged once a minute, with how many were left out since; the others at debug level. Any
 * thread.
 */
public final class RareWarning {
    static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier clock;
    private final AtomicLong logged;
    private final AtomicLong leftOut = new AtomicLong();

    public RareWarning(Logger log) {
        this(log, System::nanoTime);
    }

    /** @param clock nanoseconds, of which only differences mean something */
    public RareWarning(Logger log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        this.logged = new AtomicLong(clock.getAsLong() - INTERVAL_NANOS);
    }

    /** @param text is asked only where it is logged */
    public void warn(Supplier<String> text) {
        long last = logged.get();
        long now = clock.getAsLong();
        if (now - last >= INTERVAL_NANOS && logged.compareAndSet(last, now)) {
            long others = leftOut.getAndSet(0);
            log.warn("{}{}", said(text), others == 0 ? "" : " (and " + others + " more since the last such warning)");
        } else {
            leftOut.incrementAndGet();
            if (log.isDebugEnabled()) {
                log.debug(said(text));
            }
        }
    }

    /** What a user's failure says of itself may stand in the text, and it may fail when it is asked. */
    private static String said(Supplier<String> text) {
        try {
            return text.get();
        } catch (RuntimeException | Error e) {
            return "A failure, which failed itself with " + e.getClass().getName() + " when it was asked";
        }
    }
}
