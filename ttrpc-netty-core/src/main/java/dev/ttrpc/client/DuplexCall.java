package dev.ttrpc.client;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.TtrpcException;

/**
 * A running call of a bidirectional method. One thread may write while another reads.
 *
 * @param <Q> the request message
 * @param <P> the response message
 */
public interface DuplexCall<Q, P> extends MessageWriter<Q>, MessageReader<P> {
    /**
     * Sends a message, waiting while the send budget is used up. Where the server has ended the call well the message is dropped.
     *
     * @throws TtrpcException where the call ended badly
     */
    @Override
    void write(Q message);

    /** Says that all is sent; reading goes on. Further calls of it do nothing. */
    void finish();

    /** Cancels the call unless it has ended. */
    @Override
    void close();
}
