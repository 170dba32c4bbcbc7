package dev.ttrpc.internal.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.transport.ListenOptions;
import java.util.List;
import java.util.Objects;

/**
 * An address to listen on.
 *
 * @param only what is served there; empty for the services of the server
 */
record ListenTarget(TtrpcAddress address, ListenOptions options, List<ServiceDefinition> only) {
    ListenTarget {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(options, "options");
        only = List.copyOf(only);
        ServiceBinder.names(only);
    }
}
