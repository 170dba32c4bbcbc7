package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.Errors;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Unix sockets, by path and, on Linux's native sockets, by abstract name. */
final class UnixTransport implements TransportProvider {

    private static final long LONGEST_RETRY_MILLIS = 50;

    private final Sockets sockets;

    /** Uses these sockets. */
    UnixTransport(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String name() {
        return "unix";
    }

    @Override
    public boolean supports(TtrpcAddress address) {
        return address instanceof TtrpcAddress.Unix || address instanceof TtrpcAddress.Abstract;
    }

    @Override
    public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
        SocketAddress remote;
        try {
            remote = socketAddress(address);
        } catch (IllegalArgumentException e) {
            promise.tryFailure(ConnectFailures.of(address, e));
            return;
        }
        bootstrap.channelFactory(sockets::unixClient);
        attempt(address, remote, bootstrap, promise, 1);
    }

    /** A full backlog refuses with EAGAIN: it is tried again until the promise's time is over. */
    private void attempt(
            TtrpcAddress address,
            SocketAddress remote,
            Bootstrap bootstrap,
            Promise<Channel> promise,
            long retryMillis) {
        if (promise.isDone()) {
            return;
        }
        Connecting.once(bootstrap, remote, promise, failure -> {
            if (!isFullBacklog(failure)) {
                promise.tryFailure(ConnectFailures.of(address, failure));
                return;
            }
            EventLoopGroup loop = bootstrap.config().group();
            long next = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
            loop.schedule(() -> attempt(address, remote, bootstrap, promise, next), retryMillis, TimeUnit.MILLISECONDS);
        });
    }

    /** Netty keeps the error's number only in the text of its exception. */
    private static boolean isFullBacklog(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("error(" + Errors.ERRNO_EAGAIN_NEGATIVE + ")");
    }

    private SocketAddress socketAddress(TtrpcAddress address) {
        if (address instanceof TtrpcAddress.Unix unix) {
            UnixPath.check(unix.path());
            return sockets.unixAddress(unix.path());
        }
        if (!sockets.hasAbstractNames()) {
            throw new IllegalArgumentException("abstract names are not supported by " + sockets.kind()
                    + " sockets, they need Linux and epoll, use the path of a socket");
        }
        return sockets.unixAddress("\0" + ((TtrpcAddress.Abstract) address).name());
    }

    @Override
    public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) throws IOException {
        bootstrap.channelFactory(sockets::unixServer).option(ChannelOption.SO_BACKLOG, options.unixBacklog());
        SocketAddress local;
        try {
            local = socketAddress(address);
        } catch (IllegalArgumentException e) {
            throw ListenFailures.of(address, String.valueOf(e.getMessage()), e);
        }
        if (address instanceof TtrpcAddress.Unix unix) {
            return new UnixSocketFile(unix, options)
                    .listen(path -> BoundListener.bind(bootstrap, sockets.unixAddress(path)));
        }
        try {
            return new BoundListener(address, BoundListener.bind(bootstrap, local), () -> {});
        } catch (IOException e) {
            throw ListenFailures.of(address, "the name is taken, choose another one (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public @Nullable PeerCredentials peerCredentials(Channel channel) throws IOException {
        return sockets.peerCredentials(channel);
    }
}
