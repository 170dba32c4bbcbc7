package dev.ttrpc;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call as an interceptor sees it, on either side, of any kind of method. */
public interface Call {
    MethodDescriptor<?, ?> method();

    /** What travels, or travelled, with the request. */
    Metadata metadata();

    /** When the call must have ended, or null. */
    @Nullable
    Deadline deadline();

    Attributes attributes();

    /**
     * Has {@code listener} called exactly once, with the status the call ended with, on whichever thread ended it; at once where it has
     * ended. A listener must not wait; what it throws is logged.
     */
    void onEnd(Consumer<? super Status> listener);

    /** Has {@code hook} called for each message that this side sends, before it is encoded. To be set before proceeding. */
    void onSent(Consumer<Object> hook);

    /** Has {@code hook} called for each message of the other side, after it was parsed. To be set before proceeding. */
    void onReceived(Consumer<Object> hook);

    /**
     * Ends the call without proceeding, or early.
     *
     * @throws IllegalArgumentException for OK, which needs a message
     */
    void end(Status status);
}
