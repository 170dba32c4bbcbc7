package dev.ttrpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one exception for a call that did not end well, on both sides. Carries the {@link Status}. */
public class TtrpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who said so. */
    public enum Origin {
        /** Code of the application: a handler or an interceptor. */
        USER,
        /** This library: a deadline, a limit, a cancellation, a lost connection. */
        LIBRARY,
        /** The other side of a connection. */
        PEER
    }

    private final transient Status status;
    private final Origin origin;

    /** For application code. A handler that throws it ends its call with {@code status}. */
    public TtrpcException(Status status) {
        this(status, Origin.USER, status.cause());
    }

    /** With its origin said, for code that carries calls on behalf of others. */
    public TtrpcException(Status status, Origin origin, @Nullable Throwable cause) {
        super(Objects.requireNonNull(status, "status").toString(), cause);
        if (status.isOk()) {
            throw new IllegalArgumentException("OK is no failure");
        }
        this.status = status;
        this.origin = origin;
    }

    public Status status() {
        return status;
    }

    public Origin origin() {
        return origin;
    }
}
