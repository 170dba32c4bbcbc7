package dev.ttrpc;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the other side, in the order they were sent. For one thread at a time.
 *
 * @param <T> the type of message
 */
public interface MessageReader<T> extends Iterable<T>, AutoCloseable {
    /**
     * Waits for the next message and takes it.
     *
     * @return the message, or null once the stream has ended well
     * @throws TtrpcException where the call ended badly; what had been received before is returned first
     * @throws IllegalStateException on a thread that must not wait (an event loop of ttrpc)
     */
    @Nullable
    T read();

    /** Gives up what is still to come. On the client this cancels the call; on the server the call goes on and further input is dropped. */
    @Override
    void close();

    /** The messages still to come. Every iterator reads from the same stream. */
    @Override
    default Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (next == null && !ended) {
                    next = read();
                    ended = next == null;
                }
                return next != null;
            }

            @Override
            public T next() {
                T message = hasNext() ? next : null;
                if (message == null) {
                    throw new NoSuchElementException("the stream has ended");
                }
                next = null;
                return message;
            }
        };
    }
}
