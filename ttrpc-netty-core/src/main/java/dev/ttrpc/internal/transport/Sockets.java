package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Errors;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Netty's classes for one {@link TransportKind}, so that the transports themselves need not tell the kinds apart. */
interface Sockets {

    /** Which kind these are; never {@link TransportKind#AUTO}. */
    TransportKind kind();

    /** Why they cannot be used on this machine, or null if they can. */
    @Nullable
    Throwable unavailability();

    /** What drives them. */
    IoHandlerFactory ioHandlers();

    /** A new client channel for TCP. */
    Channel tcpClient();

    /** A new server channel for TCP. */
    ServerChannel tcpServer();

    /** A new client channel for unix sockets. */
    Channel unixClient();

    /** A new server channel for unix sockets. */
    ServerChannel unixServer();

    /** A socket's path as these channels want it. */
    SocketAddress unixAddress(String path);

    /** Whether {@link #unixAddress} takes names of the abstract namespace, with a leading NUL. */
    boolean hasAbstractNames();

    /** How many bytes a unix socket's path may have. */
    default int longestPath() {
        return PlatformDependent.isOsx() ? 103 : 107; // sun_path less the closing NUL
    }

    /** Whether connecting to a unix socket failed because its backlog is full. Netty keeps the error's number in its text only. */
    default boolean isFullBacklog(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("error(" + Errors.ERRNO_EAGAIN_NEGATIVE + ")");
    }

    /** Who is at the other end of a unix socket. */
    @Nullable
    PeerCredentials peerCredentials(Channel channel) throws IOException;

    /**
     * The sockets of a kind.
     *
     * @throws IllegalStateException with one sentence, if they are not available here
     */
    static Sockets of(TransportKind wanted) {
        TransportKind kind = wanted == TransportKind.AUTO ? forced() : wanted;
        return switch (kind) {
            case AUTO -> best();
            case EPOLL -> available(new EpollSockets(), "netty-transport-native-epoll", "linux-x86_64");
            case KQUEUE -> available(new KQueueSockets(), "netty-transport-native-kqueue", "osx-aarch_64");
            case IO_URING -> available(new IoUringSockets(), "netty-transport-native-io_uring", "linux-x86_64");
            case NIO -> new NioSockets();
        };
    }

    private static TransportKind forced() {
        String name = System.getProperty(TransportResources.KIND_PROPERTY, "");
        if (name.isEmpty()) {
            return TransportKind.AUTO;
        }
        try {
            return TransportKind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The system property " + TransportResources.KIND_PROPERTY + " is '" + name
                            + "', write auto, epoll, kqueue, io_uring or nio",
                    e);
        }
    }

    private static Sockets best() {
        Sockets epoll = new EpollSockets();
        if (epoll.unavailability() == null) {
            return epoll;
        }
        Sockets kqueue = new KQueueSockets();
        return kqueue.unavailability() == null ? kqueue : new NioSockets();
    }

    private static Sockets available(Sockets sockets, String artifact, String classifier) {
        Throwable reason = sockets.unavailability();
        if (reason == null) {
            return sockets;
        }
        throw new IllegalStateException(
                "The transport " + sockets.kind() + " is not available here: add io.netty:" + artifact
                        + " with the classifier of this platform, such as " + classifier + ", or use AUTO (" + reason
                        + ")",
                reason);
    }
}
