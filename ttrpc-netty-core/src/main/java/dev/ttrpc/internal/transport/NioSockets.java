package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/** Java's own sockets. */
final class NioSockets implements Sockets {

    @Override
    public TransportKind kind() {
        return TransportKind.NIO;
    }

    @Override
    public @Nullable Throwable unavailability() {
        return null;
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return NioIoHandler.newFactory();
    }

    @Override
    public Channel tcpClient() {
        return new NioSocketChannel();
    }

    @Override
    public ServerChannel tcpServer() {
        return new NioServerSocketChannel();
    }

    @Override
    public Channel unixClient() {
        return new NioDomainSocketChannel();
    }

    @Override
    public ServerChannel unixServer() {
        return new NioServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(String path) {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public boolean hasAbstractNames() {
        return false;
    }

    /** Java keeps one byte more for itself. */
    @Override
    public int longestPath() {
        return PlatformDependent.isOsx() ? 102 : 106;
    }

    /** Java has neither a type nor a number for it, only the system's text in the user's language; what it has types for is not it. */
    @Override
    public boolean isFullBacklog(Throwable failure) {
        return failure instanceof SocketException
                && !(failure instanceof ConnectException)
                && !(failure instanceof BindException);
    }

    /** Fails in a runtime image that lacks the module jdk.net. */
    @Override
    public @Nullable PeerCredentials peerCredentials(Channel channel) throws IOException {
        try {
            return PeerOption.read(channel);
        } catch (LinkageError e) {
            throw new IOException("Peer credentials need the module jdk.net", e);
        }
    }

    /** Apart, because the module it needs is optional. */
    private static final class PeerOption {
        private static final ChannelOption<UnixDomainPrincipal> PEER =
                NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

        static @Nullable PeerCredentials read(Channel channel) {
            UnixDomainPrincipal peer = channel.config().getOption(PEER);
            return peer == null ? null : UnixUsers.credentials(peer.user(), peer.group());
        }
    }
}
