package dev.ttrpc.spring;

import dev.ttrpc.TtrpcAddress;

/**
 * A socket can be connected to. Published for each socket.
 *
 * @param socket the name of the socket
 * @param address where it listens or listened, with the real port where 0 was configured
 */
public record TtrpcServerStartedEvent(String socket, TtrpcAddress address) {}
