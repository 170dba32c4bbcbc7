package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.server.TtrpcServer;

/** Changes the server of a socket before it is built, after the properties were applied. All such beans are called, in their order. */
@FunctionalInterface
public interface TtrpcServerCustomizer {
    /**
     * Customizes one server. It is called again when a stopped application context starts again.
     *
     * @param socket the name of the socket
     */
    void customize(String socket, TtrpcServer.Builder builder);
}
