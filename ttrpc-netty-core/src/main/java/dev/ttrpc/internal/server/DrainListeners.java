package dev.ttrpc.internal.server;

import dev.ttrpc.internal.logging.FailureLog;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one connection that want to know when the server begins to drain. Belongs to the event loop. */
final class DrainListeners {
    private static final Logger log = LoggerFactory.getLogger(DrainListeners.class);

    private final Map<ServerStream<?, ?>, List<Runnable>> waiting = new IdentityHashMap<>();

    void add(ServerStream<?, ?> stream, Runnable listener) {
        waiting.computeIfAbsent(stream, s -> new ArrayList<>(1)).add(listener);
    }

    /** The call has ended: nobody is to be told any more. */
    void remove(ServerStream<?, ?> stream) {
        if (!waiting.isEmpty()) {
            waiting.remove(stream);
        }
    }

    /** Tells all, and forgets them. */
    void tell() {
        List<Runnable> told = new ArrayList<>();
        waiting.values().forEach(told::addAll);
        waiting.clear();
        told.forEach(DrainListeners::tell);
    }

    static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            FailureLog.error(log, "A listener of the drain failed", e);
        }
    }
}
