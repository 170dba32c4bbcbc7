package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Linux's epoll. */
final class EpollSockets implements Sockets {

    @Override
    public TransportKind kind() {
        return TransportKind.EPOLL;
    }

    @Override
    public @Nullable Throwable unavailability() {
        try {
            return Epoll.unavailabilityCause();
        } catch (LinkageError e) {
            return e;
        }
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public Channel tcpClient() {
        return new EpollSocketChannel();
    }

    @Override
    public ServerChannel tcpServer() {
        return new EpollServerSocketChannel();
    }

    @Override
    public Channel unixClient() {
        return new EpollDomainSocketChannel();
    }

    @Override
    public ServerChannel unixServer() {
        return new EpollServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(String path) {
        return new DomainSocketAddress(path);
    }

    @Override
    public boolean hasAbstractNames() {
        return true;
    }

    @Override
    public @Nullable PeerCredentials peerCredentials(Channel channel) throws IOException {
        return UnixUsers.credentials(((EpollDomainSocketChannel) channel).peerCredentials());
    }
}
