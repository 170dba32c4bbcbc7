/** From an address to a Netty channel on an event loop; one class a transport. */
@NullMarked
package dev.ttrpc.internal.transport;

import org.jspecify.annotations.NullMarked;
