package dev.ttrpc.spring.boot.autoconfigure.client;

/** The property names of a channel, for sentences. */
final class ChannelKeys {
    private ChannelKeys() {}

    /** For example {@code ttrpc.client.channel.containerd.address}. */
    static String of(String channel, String key) {
        return "ttrpc.client.channel." + channel + "." + key;
    }
}
