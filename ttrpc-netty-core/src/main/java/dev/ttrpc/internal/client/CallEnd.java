package dev.ttrpc.internal.client;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended and who said so.
 *
 * @param lost whether it ended with its connection, or for want of one
 * @param neverSent whether no byte of it was written
 */
record CallEnd(Status status, TtrpcException.Origin origin, boolean lost, boolean neverSent) {
    static final CallEnd OK = new CallEnd(Status.OK, TtrpcException.Origin.PEER, false, false);

    static CallEnd byPeer(Status status) {
        return new CallEnd(status, TtrpcException.Origin.PEER, false, false);
    }

    static CallEnd byLibrary(Status status) {
        return new CallEnd(status, TtrpcException.Origin.LIBRARY, false, false);
    }

    static CallEnd byUser(Status status) {
        return new CallEnd(status, TtrpcException.Origin.USER, false, false);
    }

    static CallEnd lost(String description, boolean neverSent, @Nullable Throwable cause) {
        return new CallEnd(
                Status.UNAVAILABLE.withDescription(description).withCause(cause),
                TtrpcException.Origin.LIBRARY,
                true,
                neverSent);
    }

    /** The same of a call that was sent in an earlier attempt. */
    CallEnd afterSending() {
        return neverSent ? new CallEnd(status, origin, lost, false) : this;
    }

    /** A new exception, with the stack of whoever waits. */
    TtrpcException exception() {
        return lost
                ? new ConnectionLostException(status.description(), neverSent, status.cause())
                : new TtrpcException(status, origin, status.cause());
    }
}
