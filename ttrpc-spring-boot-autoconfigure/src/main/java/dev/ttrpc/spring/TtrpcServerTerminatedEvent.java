package dev.ttrpc.spring;

import dev.ttrpc.TtrpcAddress;

/**
 * A socket is closed, and so is every connection of it. Published for each socket.
 *
 * @param socket the name of the socket
 * @param address where it listens or listened, with the real port where 0 was configured
 */
public record TtrpcServerTerminatedEvent(String socket, TtrpcAddress address) {}
