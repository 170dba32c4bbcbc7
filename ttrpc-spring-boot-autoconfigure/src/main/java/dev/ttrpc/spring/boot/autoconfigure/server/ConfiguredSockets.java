package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Reads from the properties which sockets there are, and refuses what cannot be meant. */
final class ConfiguredSockets {
    private ConfiguredSockets() {}

    /**
     * The addresses of the enabled sockets by their names.
     *
     * @throws FailureAnalyzedException where none is configured, or one is configured wrongly
     */
    static Map<String, TtrpcAddress> addresses(TtrpcServerProperties properties) {
        checkDefaults(properties.socketDefaults());
        if (properties.socket().isEmpty()) {
            throw new FailureAnalyzedException(
                    "The application has a @TtrpcEndpoint but no socket to serve it on.",
                    "Add one to application.yml, with a path that suits the application:\n\n"
                            + "    ttrpc.server.socket:\n"
                            + "      main:\n"
                            + "        address: unix:///run/my-application/main.sock\n\n"
                            + "or set ttrpc.server.enabled to false.");
        }
        Map<String, TtrpcAddress> addresses = new LinkedHashMap<>();
        properties.effectiveSockets().forEach((name, socket) -> {
            TtrpcAddress address = address(name, socket.address());
            checkGroups(name, properties.socket().getOrDefault(name, socket), address);
            addresses.put(name, address);
        });
        return addresses;
    }

    private static TtrpcAddress address(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new FailureAnalyzedException(
                    "Socket '" + name + "' has no address.",
                    "Set " + SocketKeys.of(name, "address") + ", for example to unix:///run/my-application/" + name
                            + ".sock, or set " + SocketKeys.of(name, "enabled") + " to false.");
        }
        try {
            return TtrpcAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FailureAnalyzedException(
                    "The address of socket '" + name + "' is wrong. " + e.getMessage(),
                    "Change " + SocketKeys.of(name, "address") + ".",
                    e);
        }
    }

    private static void checkDefaults(TtrpcServerProperties.Socket defaults) {
        if (defaults.address() != null || defaults.enabled() != null) {
            String key = defaults.address() != null ? "address" : "enabled";
            throw new FailureAnalyzedException(
                    "ttrpc.server.socket-defaults." + key + " is set, but each socket has its own.",
                    "Set " + SocketKeys.of("<name>", key) + " instead.");
        }
    }

    /** Settings of one kind of socket on another would silently do nothing. */
    private static void checkGroups(String name, TtrpcServerProperties.Socket own, TtrpcAddress address) {
        boolean inherited = address instanceof TtrpcAddress.InheritedFd || address instanceof TtrpcAddress.Systemd;
        if (!own.tcp().equals(TtrpcServerProperties.Tcp.UNSET)
                && !inherited
                && !(address instanceof TtrpcAddress.Tcp)) {
            throw misplaced(name, "tcp", address);
        }
        if (!own.unix().equals(TtrpcServerProperties.Unix.UNSET)
                && !inherited
                && !(address instanceof TtrpcAddress.Unix)) {
            throw misplaced(name, "unix", address);
        }
    }

    private static FailureAnalyzedException misplaced(String name, String group, TtrpcAddress address) {
        return new FailureAnalyzedException(
                SocketKeys.of(name, group) + " is set, but " + SocketKeys.of(name, "address") + " is " + address + ".",
                "Remove " + SocketKeys.of(name, group) + ", or change " + SocketKeys.of(name, "address") + ".");
    }
}
