package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.StringUtils;

/** Finds the channel that a name or address means, and refuses what cannot be meant. */
final class ConfiguredChannels {
    private final TtrpcClientProperties properties;
    private final TtrpcConnectionDetails connectionDetails;

    /** Checks everything that is configured. */
    ConfiguredChannels(TtrpcClientProperties properties, TtrpcConnectionDetails connectionDetails) {
        this.properties = properties;
        this.connectionDetails = connectionDetails;
        checkDefaults(properties.channelDefaults());
        properties.channel().forEach(this::check);
    }

    /**
     * One channel as it is to be made.
     *
     * @param name its name, or null where it is for an address
     * @param address where it connects to; null for one to a socket of this application, which is known when that listens
     * @param settings its settings with the defaults merged in
     */
    record Target(@Nullable String name, @Nullable TtrpcAddress address, TtrpcClientProperties.Channel settings) {
        /** What tells it from others, and people which one it is. */
        String label() {
            return name != null ? name : String.valueOf(address);
        }
    }

    /** The names of the configured channels. */
    Iterable<String> names() {
        return properties.channel().keySet();
    }

    /**
     * The channel that is meant.
     *
     * @throws FailureAnalyzedException where there is none of the name, or the address is wrong
     */
    Target find(String channelOrAddress) {
        if (isAddress(channelOrAddress)) {
            TtrpcAddress address = parse(channelOrAddress, "Correct the address where the client is asked for.");
            return new Target(null, address, properties.effective(TtrpcClientProperties.Channel.UNSET));
        }
        String name = name(channelOrAddress);
        TtrpcClientProperties.Channel settings =
                properties.effective(properties.channel().getOrDefault(name, TtrpcClientProperties.Channel.UNSET));
        String address = connectionDetails.getAddress(name);
        return new Target(
                name,
                address == null ? null : parse(address, "Change " + ChannelKeys.of(name, "address") + "."),
                settings);
    }

    private String name(String wanted) {
        Map<String, TtrpcClientProperties.Channel> channels = properties.channel();
        String name = EntryNames.find(channels, wanted);
        if (name != null) {
            return name;
        }
        if (connectionDetails.getAddress(wanted) != null) {
            return wanted;
        }
        if (wanted.equals(TtrpcClient.DEFAULT_CHANNEL) && channels.size() == 1) {
            return channels.keySet().iterator().next();
        }
        throw new FailureAnalyzedException(
                "A ttrpc client is asked for on the channel '" + wanted + "', which is not configured. "
                        + (channels.isEmpty()
                                ? "No channel is."
                                : "Configured are: " + EntryNames.list(channels.keySet()) + "."),
                "Correct the name, or add the channel to application.yml:\n\n"
                        + "    ttrpc.client.channel:\n"
                        + "      " + wanted + ":\n"
                        + "        address: unix:///run/the-server/its.sock\n");
    }

    private void check(String name, TtrpcClientProperties.Channel own) {
        if (own.address() != null && own.socket() != null) {
            throw new FailureAnalyzedException(
                    ChannelKeys.of(name, "address") + " and " + ChannelKeys.of(name, "socket") + " are both set.",
                    "Remove one of them: address is for a server elsewhere, socket for one of this application.");
        }
        String address = connectionDetails.getAddress(name);
        if (address != null) {
            parse(address, "Change " + ChannelKeys.of(name, "address") + ".");
            return;
        }
        if (!StringUtils.hasText(own.socket())) {
            throw new FailureAnalyzedException(
                    "Channel '" + name + "' has no address.",
                    "Set " + ChannelKeys.of(name, "address") + ", for example to unix:///run/the-server/its.sock, or "
                            + ChannelKeys.of(name, "socket") + " to the name of a socket of this application.");
        }
        TtrpcClientProperties.Connect connect = properties.effective(own).connect();
        if (connect != TtrpcClientProperties.Connect.LAZY) {
            throw new FailureAnalyzedException(
                    ChannelKeys.of(name, "socket")
                            + " names a socket of this application, which listens only after channels with "
                            + ChannelKeys.of(name, "connect") + "=" + connect + " have connected.",
                    "Set " + ChannelKeys.of(name, "connect") + " to lazy.");
        }
    }

    private static void checkDefaults(TtrpcClientProperties.Channel defaults) {
        if (defaults.address() != null || defaults.socket() != null) {
            String key = defaults.address() != null ? "address" : "socket";
            throw new FailureAnalyzedException(
                    "ttrpc.client.channel-defaults." + key + " is set, but each channel has its own.",
                    "Set " + ChannelKeys.of("<name>", key) + " instead.");
        }
    }

    private static boolean isAddress(String channelOrAddress) {
        return channelOrAddress.indexOf(':') >= 0 || channelOrAddress.startsWith("\\\\");
    }

    private static TtrpcAddress parse(String address, String action) {
        try {
            return TtrpcAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new FailureAnalyzedException("A ttrpc channel cannot be made. " + e.getMessage(), action, e);
        }
    }
}
