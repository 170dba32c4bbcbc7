package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/** A socket that is known by the number of its descriptor, on Linux. */
final class UnixDescriptor {
    // of Linux's socket.h
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int O_NONBLOCK = 04000; // of fcntl.h, as the kernel shows it: in octal
    private static final int OCTAL = 8;
    private static final int ADDRESS_BYTES = 108; // of a unix socket

    private UnixDescriptor() {}

    /**
     * Takes a connected socket over, as a channel that is not yet registered.
     *
     * @throws IOException with one sentence that says what is wrong with the descriptor, which is not touched
     */
    static ConnectedSockets.Taken take(int descriptor) throws IOException {
        checkSocket(descriptor);
        Socket socket = new Socket(descriptor);
        if (socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
            throw unusable(descriptor, "it is no stream socket");
        }
        if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0) {
            throw unusable(descriptor, "it listens and is not connected");
        }
        int family = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
        boolean unix = family == AF_UNIX;
        if (!unix && family != AF_INET && family != AF_INET6) {
            throw unusable(descriptor, "it is neither a unix nor a TCP socket");
        }
        if (unix ? socket.remoteDomainSocketAddress() == null : socket.remoteAddress() == null) {
            throw unusable(descriptor, "it is not connected, connect it before it is handed over");
        }
        setNonBlocking(descriptor);
        if (unix) {
            TtrpcAddress address = ConnectedSockets.unixAddress(
                    socket.remoteDomainSocketAddress().path(),
                    socket.localDomainSocketAddress().path());
            return new ConnectedSockets.Taken(
                    new EpollDomainSocketChannel(descriptor, true), TransportKind.EPOLL, true, address);
        }
        TtrpcAddress address = ConnectedSockets.tcpAddress(socket.remoteAddress());
        Channel channel = new EpollSocketChannel(descriptor);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        return new ConnectedSockets.Taken(channel, TransportKind.EPOLL, false, address);
    }

    private static void checkSocket(int descriptor) throws IOException {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
        } catch (NoSuchFileException e) {
            throw unusable(descriptor, "this process has no open descriptor of that number");
        }
        if (!target.startsWith("socket:")) {
            throw unusable(descriptor, "it is " + target + " and no socket");
        }
    }

    private static boolean isNonBlocking(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor)))) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), OCTAL) & O_NONBLOCK) != 0;
            }
        }
        return false;
    }

    private static IOException unusable(int descriptor, String reason) {
        return new IOException("The descriptor " + descriptor + " cannot be used: " + reason);
    }

    /**
     * Inherited sockets are blocking more often than not, and one that blocks would stop its event loop. Neither Java nor Netty has a call for it; but Netty makes every
     * descriptor that it receives over a unix socket non-blocking, and so all that share its open socket: this process sends it to itself.
     */
    private static void setNonBlocking(int descriptor) throws IOException {
        Socket listening = Socket.newSocketDomain();
        Socket sending = Socket.newSocketDomain();
        Socket receiving = null;
        try {
            listening.bind(new DomainSocketAddress("\0ttrpc-" + UUID.randomUUID()));
            listening.listen(1);
            sending.connect(listening.localDomainSocketAddress());
            receiving = new Socket(listening.accept(new byte[ADDRESS_BYTES]));
            sending.sendFd(descriptor);
            int received = receiving.recvFd();
            if (received <= 0) {
                throw unusable(descriptor, "it cannot be made non-blocking");
            }
            new Socket(received).close();
            if (!isNonBlocking(descriptor)) { // somebody else was quicker to connect, and sent one of his own
                throw unusable(descriptor, "it cannot be made non-blocking, try again");
            }
        } finally {
            listening.close();
            sending.close();
            if (receiving != null) {
                receiving.close();
            }
        }
    }
}
