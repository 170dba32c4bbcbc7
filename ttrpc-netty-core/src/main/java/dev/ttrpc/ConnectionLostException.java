package dev.ttrpc;

import org.jspecify.annotations.Nullable;

/**
 * The connection could not be made or was lost; the status is {@link StatusCode#UNAVAILABLE}. A peer that answers UNAVAILABLE gives a plain
 * {@link TtrpcException}.
 */
public final class ConnectionLostException extends TtrpcException {
    private static final long serialVersionUID = 1L;

    private final boolean neverSent;

    public ConnectionLostException(String description, boolean neverSent, @Nullable Throwable cause) {
        super(Status.UNAVAILABLE.withDescription(description), Origin.LIBRARY, cause);
        this.neverSent = neverSent;
    }

    /** True when no byte of the call was written, so that the peer cannot have seen it and a retry is safe. */
    public boolean neverSent() {
        return neverSent;
    }
}
