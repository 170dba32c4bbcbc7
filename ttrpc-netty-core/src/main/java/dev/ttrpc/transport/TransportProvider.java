package dev.ttrpc.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.TtrpcAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One transport: turns addresses of its kind into Netty channels that carry bytes. The built-in transports implement it too.
 *
 * <p>The bootstraps come complete with event loops, allocator and protocol handlers; a provider adds the channel's class and options
 * and calls {@code connect} or {@code bind}.
 */
public interface TransportProvider {

    /** A short lower-case name, for the names of threads and for metrics. */
    String name();

    /** Whether addresses like this one are its own. Of several the first one asked takes it; those of an application are asked first. */
    boolean supports(TtrpcAddress address);

    /**
     * What drives its channels, or null if they live on the event loops of the sockets. One group of loops is made for each provider
     * that returns something, when it is first used.
     */
    default @Nullable IoHandlerFactory ioHandlers() {
        return null;
    }

    /**
     * Connects. Called on the event loop of the bootstrap's group, which it must not block.
     *
     * @param bootstrap for as many attempts as wanted; its connect time-out is the time left for all of them
     * @param promise to be completed with the connected channel, or with a failure whose message is one sentence with the address. When
     *     it fails by itself (cancelled, out of time), whatever is under way is to be closed
     */
    void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise);

    /**
     * Listens; returns when it can be connected to. Called by a thread that may block.
     *
     * @throws IOException with one sentence: the address, what is wrong with it, what to change
     */
    Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) throws IOException;

    /**
     * The address of the other end.
     *
     * @param address the one that was connected to, or that the channel was accepted on
     */
    default TtrpcAddress peerAddress(Channel channel, TtrpcAddress address) {
        return address;
    }

    /** Who is at the other end, or null where the transport does not know. Called once, while the channel is open. */
    default @Nullable PeerCredentials peerCredentials(Channel channel) throws IOException {
        return null;
    }
}
