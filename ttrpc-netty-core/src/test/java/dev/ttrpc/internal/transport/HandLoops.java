package dev.ttrpc.internal.transport;

import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.channel.EventLoopGroup;

/** Event loops that a test makes and moves itself. */
public final class HandLoops {
    private HandLoops() {}

    /** Has the channels of a transport, which must have loops of its own, live on these. */
    public static void use(TransportResources resources, TransportProvider provider, EventLoopGroup loops) {
        Transports.of(resources).eventLoops().use(provider, loops);
    }
}
