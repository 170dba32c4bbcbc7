package dev.ttrpc.internal.transport;

import dev.ttrpc.Peer;
import dev.ttrpc.PeerCredentials;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes Netty channels of sockets that were connected by somebody else. */
final class ConnectedSockets {
    private static final Logger logger = LoggerFactory.getLogger(ConnectedSockets.class);

    /** What was handed over and is not closed: the sockets of Java themselves, descriptors by their numbers. Of the whole process, as the numbers are. */
    private static final Set<Object> OPEN = ConcurrentHashMap.newKeySet();

    private ConnectedSockets() {}

    /**
     * A socket as a channel that is not yet registered.
     *
     * @param kind whose event loops drive it
     * @param unix whether it is a unix socket, whose peer the system knows
     * @param address the peer's, or the one by which it came in, or null where neither has one
     */
    record Taken(
            Channel channel,
            TransportKind kind,
            boolean unix,
            @Nullable TtrpcAddress address) {
        Peer peer() {
            return new Peer(address == null ? "a connected socket" : address.toString(), address, credentials());
        }

        private @Nullable PeerCredentials credentials() {
            try {
                return unix ? Sockets.of(kind).peerCredentials(channel) : null;
            } catch (IOException e) {
                logger.debug("No credentials of the peer of {}", channel, e);
                return null;
            }
        }
    }

    /**
     * Whose event loops drive a socket.
     *
     * @throws IllegalStateException with one sentence where what it needs is not available here
     */
    static TransportKind kind(ConnectedSocket socket) {
        if (socket instanceof ConnectedSocket.OfDescriptor) {
            Sockets.of(TransportKind.EPOLL); // says what is missing
            return TransportKind.EPOLL;
        }
        return TransportKind.NIO;
    }

    /**
     * Takes a socket over.
     *
     * @throws IOException with one sentence that says what is wrong with the socket, which is not touched
     */
    static Taken take(ConnectedSocket socket) throws IOException {
        if (socket instanceof ConnectedSocket.OfDescriptor descriptor) {
            int number = descriptor.descriptor();
            return takeOnce(number, "The descriptor " + number, () -> UnixDescriptor.take(number));
        }
        SocketChannel channel = ((ConnectedSocket.OfChannel) socket).channel();
        return takeOnce(channel, "The socket " + channel, () -> take(channel));
    }

    private static Taken takeOnce(Object key, String name, Taking taking) throws IOException {
        if (!OPEN.add(key)) {
            throw new IOException(name + " cannot be used: it was handed over before and is not closed yet");
        }
        Taken taken;
        try {
            taken = taking.take();
        } catch (IOException | RuntimeException | Error e) {
            OPEN.remove(key);
            throw e;
        }
        taken.channel().closeFuture().addListener(closed -> OPEN.remove(key));
        return taken;
    }

    private interface Taking {
        Taken take() throws IOException;
    }

    private static Taken take(SocketChannel socket) throws IOException {
        if (!socket.isConnected()) {
            throw new IOException("The socket " + socket
                    + " cannot be used: it is not connected, connect it before it is handed over");
        }
        if (socket.isRegistered()) {
            throw new IOException("The socket " + socket
                    + " cannot be used: it is registered with a selector, cancel that before it is handed over");
        }
        if (socket.getRemoteAddress() instanceof UnixDomainSocketAddress remote) {
            UnixDomainSocketAddress local = (UnixDomainSocketAddress) socket.getLocalAddress();
            TtrpcAddress address =
                    unixAddress(remote.getPath().toString(), local.getPath().toString());
            return new Taken(new NioDomainSocketChannel(socket), TransportKind.NIO, true, address);
        }
        TtrpcAddress address = tcpAddress((InetSocketAddress) socket.getRemoteAddress());
        Channel channel = new NioSocketChannel(socket);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        return new Taken(channel, TransportKind.NIO, false, address);
    }

    /** The first of these that is a name: empty where an end has none, with a leading NUL where it is an abstract one. */
    static @Nullable TtrpcAddress unixAddress(String remote, String local) {
        String path = remote.isEmpty() ? local : remote;
        if (path.startsWith("\0") && path.length() > 1) {
            return new TtrpcAddress.Abstract(path.substring(1));
        }
        return path.startsWith("/") ? new TtrpcAddress.Unix(path) : null;
    }

    static TtrpcAddress tcpAddress(InetSocketAddress address) {
        return new TtrpcAddress.Tcp(address.getAddress().getHostAddress(), address.getPort());
    }
}
