package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.logging.FailureLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who want to know of one event that happens once. Any thread; nobody is called under the lock.
 *
 * @param <E> the event
 */
public final class Listeners<E> {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private static final int SWEEP = 64;

    /** A listener that need not be kept for ever. */
    public interface Lapsing {
        /** Whether it has nothing to do any more. */
        boolean hasLapsed();
    }

    private int sweepAt = SWEEP;
    private @Nullable List<Consumer<? super E>> waiting;
    private volatile @Nullable E event; // set once under the lock

    /** Calls the listener when the event happens, at once where it has. */
    public void add(Consumer<? super E> listener) {
        E happened;
        synchronized (this) {
            happened = event;
            if (happened == null) {
                if (waiting == null) {
                    waiting = new ArrayList<>(2);
                }
                if (waiting.size() >= sweepAt) {
                    waiting.removeIf(known -> known instanceof Lapsing lapsing && lapsing.hasLapsed());
                    sweepAt = Math.max(SWEEP, 2 * waiting.size());
                }
                waiting.add(listener);
            }
        }
        if (happened != null) {
            call(listener, happened);
        }
    }

    /** The event has happened. Later events are nothing. */
    public void fire(E happened) {
        List<Consumer<? super E>> called;
        synchronized (this) {
            if (event != null) {
                return;
            }
            event = happened;
            called = waiting;
            waiting = null;
        }
        if (called != null) {
            called.forEach(listener -> call(listener, happened));
        }
    }

    public boolean isFired() {
        return event != null;
    }

    private static <E> void call(Consumer<? super E> listener, E event) {
        try {
            listener.accept(event);
        } catch (RuntimeException | Error e) {
            FailureLog.error(log, "A listener of a call failed", e);
        }
    }
}
