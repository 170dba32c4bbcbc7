package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.TtrpcServer;

/** Makes the servers of the application's sockets. */
@FunctionalInterface
public interface TtrpcServerFactory {
    /**
     * A new server for a socket, not started, with its endpoints bound.
     *
     * @param socket the name of a configured socket
     * @param address where to listen: as configured, but with the port of the first start where port 0 was configured
     */
    TtrpcServer create(String socket, TtrpcAddress address);
}
