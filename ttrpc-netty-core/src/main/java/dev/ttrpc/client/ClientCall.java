package dev.ttrpc.client;

import dev.ttrpc.Call;
import dev.ttrpc.Deadline;
import dev.ttrpc.Metadata;
import org.jspecify.annotations.Nullable;

/** A call that this process makes, as its interceptors see it. */
public interface ClientCall extends Call {
    /** The address of the channel, as text. */
    String target();

    /** Replaces the metadata that will be sent. To be called before proceeding. */
    void setMetadata(Metadata metadata);

    /** Replaces the deadline. To be called before proceeding. */
    void setDeadline(@Nullable Deadline deadline);

    /**
     * How often the call was tried so far, whether or not there was a connection for it: 0 before it began, more than 1 after a retry and after a
     * draining server had it sent again. Final once the call has ended. Any thread.
     */
    int attempts();
}
