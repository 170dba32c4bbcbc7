package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ClientInterceptor;
import org.jspecify.annotations.Nullable;

/** An interceptor that is another one for each channel, because what it does depends on it. Asked once for each channel, not for each call. */
public interface PerChannelInterceptor extends ClientInterceptor {
    /**
     * What stands in the chain of a channel instead of this.
     *
     * @param channel the channel's name, or null where it was made for an address
     */
    ClientInterceptor forChannel(@Nullable String channel, TtrpcAddress address);
}
