package dev.ttrpc.transport;

import dev.ttrpc.TtrpcAddress;
import java.util.concurrent.CompletionStage;

/** A socket that accepts connections. Safe for use by any thread. */
public interface Listener {

    /** Where it can be reached: the configured address, with the real port where the system chose one. */
    TtrpcAddress address();

    /** Whether it still accepts. Errors of single connections do not end it, only {@link #close} or the end of its event loops does. */
    boolean isOpen();

    /**
     * Stops accepting and gives the address back; a socket's file is removed if it is still the one that was made here. Connections
     * that were accepted are not touched. Calling it again does nothing.
     *
     * @return completes when the address can be listened on again; the same as {@link #closed}
     */
    CompletionStage<Void> close();

    /** Completes when it has ended, for whatever reason. */
    CompletionStage<Void> closed();
}
