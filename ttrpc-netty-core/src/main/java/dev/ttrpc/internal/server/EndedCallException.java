package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import org.jspecify.annotations.Nullable;

/** What readers and writers of a served call throw once that call has ended, or must end, without the handler's doing. */
final class EndedCallException extends TtrpcException {
    private static final long serialVersionUID = 1L;

    EndedCallException(Status status) {
        super(status, Origin.LIBRARY, status.cause());
    }

    /** The one that a handler let through, or null where it failed for a reason of its own. */
    static @Nullable EndedCallException in(Throwable thrown) {
        Throwable t = thrown;
        for (int depth = 0; t != null && depth < 16; depth++) {
            if (t instanceof EndedCallException ended) {
                return ended;
            }
            t = t.getCause();
        }
        return null;
    }
}
