package dev.ttrpc.transport;

import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * A stream socket that is connected already: inherited from the process that started this one, received from another, or connected by the application itself.
 *
 * <p>Whoever it is handed to owns the socket once that has succeeded; where it fails with an exception, the socket is untouched and still its caller's to close.
 * What was handed over before and is not closed yet is refused.
 */
public sealed interface ConnectedSocket {

    /** A socket of Java's, TCP or unix. It is driven by NIO whatever else is available. */
    static ConnectedSocket of(SocketChannel channel) {
        return new OfChannel(channel);
    }

    /** A socket by the number of its descriptor, TCP or unix. Needs Linux and Netty's epoll. */
    static ConnectedSocket ofDescriptor(int descriptor) {
        return new OfDescriptor(descriptor);
    }

    /** A socket of Java's. */
    record OfChannel(SocketChannel channel) implements ConnectedSocket {
        /** Refuses null. */
        public OfChannel {
            Objects.requireNonNull(channel, "channel");
        }
    }

    /** A socket by the number of its descriptor. */
    record OfDescriptor(int descriptor) implements ConnectedSocket {
        /** Refuses negative numbers. */
        public OfDescriptor {
            if (descriptor < 0) {
                throw new IllegalArgumentException("a descriptor is 0 or higher, not " + descriptor);
            }
        }
    }
}
