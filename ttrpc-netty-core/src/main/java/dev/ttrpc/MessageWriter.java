package dev.ttrpc;

/**
 * Takes the messages of this side. For one thread at a time.
 *
 * @param <T> the type of message
 */
@FunctionalInterface
public interface MessageWriter<T> {
    /**
     * Hands a message over, waiting while the connection's send budget is used up. It is encoded before this returns or soon after, and
     * must not be changed.
     *
     * @throws TtrpcException where the call has ended: CANCELLED, DEADLINE_EXCEEDED, the peer's status; RESOURCE_EXHAUSTED where the
     *     message is larger than the limit
     * @throws IllegalStateException on a thread that must not wait (an event loop of ttrpc), or after the end of this side
     */
    void write(T message);
}
