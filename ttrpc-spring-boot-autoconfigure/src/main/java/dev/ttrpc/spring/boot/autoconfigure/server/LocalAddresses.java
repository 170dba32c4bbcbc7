package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Publishes where sockets listen as properties: {@code local.ttrpc.server.<name>.address} and, on TCP, {@code local.ttrpc.server.<name>.port};
 * without the name too where there is one socket only.
 */
final class LocalAddresses {
    private static final String SOURCE = "ttrpc.server.addresses";
    private static final String PREFIX = "local.ttrpc.server.";

    private final ConfigurableEnvironment environment;

    LocalAddresses(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    void add(String socket, TtrpcAddress address, boolean only) {
        Map<String, Object> properties = properties();
        put(properties, PREFIX + socket + ".", address);
        if (only) {
            put(properties, PREFIX, address);
        }
    }

    private static void put(Map<String, Object> properties, String prefix, TtrpcAddress address) {
        properties.put(prefix + "address", address.toString());
        if (address instanceof TtrpcAddress.Tcp tcp) {
            properties.put(prefix + "port", tcp.port());
        }
    }

    @SuppressWarnings("unchecked") // the source of this name is made here only
    private Map<String, Object> properties() {
        PropertySource<?> source = environment.getPropertySources().get(SOURCE);
        if (source == null) {
            source = new MapPropertySource(SOURCE, new ConcurrentHashMap<>());
            environment.getPropertySources().addFirst(source);
        }
        return (Map<String, Object>) source.getSource();
    }
}
