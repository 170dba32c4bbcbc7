package dev.ttrpc.spring;

import dev.ttrpc.TtrpcAddress;

/**
 * A socket has begun to drain: it accepts no connection, refuses new calls and lets running ones finish. Published for each socket.
 *
 * @param socket the name of the socket
 * @param address where it listens or listened, with the real port where 0 was configured
 */
public record TtrpcServerShutdownEvent(String socket, TtrpcAddress address) {}
