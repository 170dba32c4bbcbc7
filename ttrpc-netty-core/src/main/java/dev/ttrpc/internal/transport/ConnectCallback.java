package dev.ttrpc.internal.transport;

import io.netty.channel.Channel;

/** How an attempt to connect ends. Exactly one method runs, once, on the event loop of the attempt. */
public interface ConnectCallback {

    /** The channel is connected and belongs to the receiver. */
    void connected(Channel channel);

    /**
     * There is no connection.
     *
     * @param cause its message is one sentence with the address; {@link java.util.concurrent.CancellationException} after a cancel
     */
    void failed(Throwable cause);
}
