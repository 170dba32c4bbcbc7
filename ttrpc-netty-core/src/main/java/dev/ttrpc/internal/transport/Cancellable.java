package dev.ttrpc.internal.transport;

/** Something under way that can be given up. */
@FunctionalInterface
public interface Cancellable {

    /** Gives it up if it has not ended. Any thread; doing it twice is harmless. */
    void cancel();
}
