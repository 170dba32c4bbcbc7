package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** The addresses of {@code ttrpc.client.channel}. */
final class PropertiesConnectionDetails implements TtrpcConnectionDetails {
    private final TtrpcClientProperties properties;

    PropertiesConnectionDetails(TtrpcClientProperties properties) {
        this.properties = properties;
    }

    @Override
    public @Nullable String getAddress(String channel) {
        String name = EntryNames.find(properties.channel(), channel);
        TtrpcClientProperties.Channel settings =
                name == null ? null : properties.channel().get(name);
        return settings == null || !StringUtils.hasText(settings.address()) ? null : settings.address();
    }
}
