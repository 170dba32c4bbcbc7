package dev.ttrpc.spring.boot.autoconfigure.client;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where channels connect to. A bean of it replaces the addresses of the properties. */
public interface TtrpcConnectionDetails extends ConnectionDetails {
    /** The address of a channel, or null for one that has none. */
    @Nullable
    String getAddress(String channel);
}
