package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.client.TtrpcChannel;
import java.util.regex.Pattern;

/** Changes a channel before it is built, after the properties were applied. All such beans are called, in their order. */
@FunctionalInterface
public interface TtrpcChannelCustomizer {
    /**
     * Customizes one channel. It is called again when a stopped application context starts again.
     *
     * @param channel the channel's name, or its address where it was made for one
     */
    void customize(String channel, TtrpcChannel.Builder builder);

    /** A customizer of those channels whose whole name or address matches {@code regex}. */
    static TtrpcChannelCustomizer matching(String regex, TtrpcChannelCustomizer customizer) {
        Pattern pattern = Pattern.compile(regex);
        return (channel, builder) -> {
            if (pattern.matcher(channel).matches()) {
                customizer.customize(channel, builder);
            }
        };
    }
}
