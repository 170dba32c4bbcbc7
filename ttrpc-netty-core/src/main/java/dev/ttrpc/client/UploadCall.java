package dev.ttrpc.client;

import dev.ttrpc.MessageWriter;
import dev.ttrpc.TtrpcException;

/**
 * A running call of a client-streaming method. For one thread at a time.
 *
 * @param <Q> the request message
 * @param <P> the response message
 */
public interface UploadCall<Q, P> extends MessageWriter<Q>, AutoCloseable {
    /**
     * Sends a message, waiting while the send budget is used up. Where the server has answered already the message is dropped, and {@link #finish}
     * gives its answer.
     *
     * @throws TtrpcException where the call ended badly
     */
    @Override
    void write(Q message);

    /** Whether the server has ended the call, so that further messages are of no use. */
    boolean isEnded();

    /**
     * Says that all is sent, and waits for the answer.
     *
     * @throws TtrpcException where the call ended badly
     */
    P finish();

    /** Cancels the call unless it has ended. The server is not told that the upload is complete. */
    @Override
    void close();
}
