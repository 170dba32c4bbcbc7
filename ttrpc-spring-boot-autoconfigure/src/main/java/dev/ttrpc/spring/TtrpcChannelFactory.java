package dev.ttrpc.spring;

import dev.ttrpc.client.TtrpcChannel;

/** The channels of the application: those configured by name, and those made for addresses that are known at run time only. Safe for any thread. */
public interface TtrpcChannelFactory {
    /**
     * The channel of a name under {@code ttrpc.client.channel}, or one to an address with {@code ttrpc.client.channel-defaults}. Made when first
     * asked for, then the same each time. It belongs to the application context, which closes it.
     *
     * @throws org.springframework.boot.diagnostics.FailureAnalyzedException where no such channel is configured, or it is configured wrongly
     */
    TtrpcChannel get(String channelOrAddress);

    /** Closes the channel made for a name or address, if there is one. The next {@link #get} makes a new one; clients of the old one fail. */
    void close(String channelOrAddress);
}
