/**
 * Event loops and transports, in terms of Netty.
 *
 * <p>This is the one exported package with Netty types in its signatures. Who only serves and calls needs nothing of it; it is for
 * those who share event loops, force a kind of socket, or bring a {@link dev.ttrpc.transport.TransportProvider transport} of their own.
 */
@NullMarked
package dev.ttrpc.transport;

import org.jspecify.annotations.NullMarked;
