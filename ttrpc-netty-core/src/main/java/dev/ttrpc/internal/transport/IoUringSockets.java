package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Linux's io_uring. */
final class IoUringSockets implements Sockets {

    @Override
    public TransportKind kind() {
        return TransportKind.IO_URING;
    }

    @Override
    public @Nullable Throwable unavailability() {
        try {
            return IoUring.unavailabilityCause();
        } catch (LinkageError e) {
            return e;
        }
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return IoUringIoHandler.newFactory();
    }

    @Override
    public Channel tcpClient() {
        return new IoUringSocketChannel();
    }

    @Override
    public ServerChannel tcpServer() {
        return new IoUringServerSocketChannel();
    }

    @Override
    public Channel unixClient() {
        return new IoUringDomainSocketChannel();
    }

    @Override
    public ServerChannel unixServer() {
        return new IoUringServerDomainSocketChannel();
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
        return UnixUsers.credentials(((IoUringDomainSocketChannel) channel).peerCredentials());
    }
}
