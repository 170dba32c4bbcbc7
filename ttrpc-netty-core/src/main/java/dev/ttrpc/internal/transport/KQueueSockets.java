package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The kqueue of macOS and BSD; nothing but the names differs from epoll. */
final class KQueueSockets implements Sockets {

    @Override
    public TransportKind kind() {
        return TransportKind.KQUEUE;
    }

    @Override
    public @Nullable Throwable unavailability() {
        try {
            return KQueue.unavailabilityCause();
        } catch (LinkageError e) {
            return e;
        }
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return KQueueIoHandler.newFactory();
    }

    @Override
    public Channel tcpClient() {
        return new KQueueSocketChannel();
    }

    @Override
    public ServerChannel tcpServer() {
        return new KQueueServerSocketChannel();
    }

    @Override
    public Channel unixClient() {
        return new KQueueDomainSocketChannel();
    }

    @Override
    public ServerChannel unixServer() {
        return new KQueueServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(String path) {
        return new DomainSocketAddress(path);
    }

    @Override
    public boolean hasAbstractNames() {
        return false;
    }

    @Override
    public @Nullable PeerCredentials peerCredentials(Channel channel) throws IOException {
        return UnixUsers.credentials(((KQueueDomainSocketChannel) channel).peerCredentials());
    }
}
