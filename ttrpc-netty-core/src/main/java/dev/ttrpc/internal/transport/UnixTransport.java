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
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
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
        try {
            SocketAddress remote = socketAddress(address);
            bootstrap.channelFactory(sockets::unixClient);
            new Attempts(address, remote, bootstrap, promise).begin();
        } catch (IllegalArgumentException e) {
            promise.tryFailure(ConnectFailures.of(address, String.valueOf(e.getMessage()), e));
        }
    }

    /** A full backlog refuses at once instead of letting wait: it is tried again until the time is over. */
    private final class Attempts {
        private final TtrpcAddress address;
        private final SocketAddress remote;
        private final Bootstrap bootstrap;
        private final Promise<Channel> promise;

        /** The last refusal, or null before the first. */
        private @Nullable Throwable full;

        Attempts(TtrpcAddress address, SocketAddress remote, Bootstrap bootstrap, Promise<Channel> promise) {
            this.address = address;
            this.remote = remote;
            this.bootstrap = bootstrap;
            this.promise = promise;
        }

        void begin() {
            Object timeout = bootstrap.config().options().get(ChannelOption.CONNECT_TIMEOUT_MILLIS);
            if (timeout instanceof Integer millis) {
                Future<?> end =
                        bootstrap.config().group().schedule(() -> giveUp(millis), millis, TimeUnit.MILLISECONDS);
                promise.addListener(done -> end.cancel(false));
            }
            next(1);
        }

        private void next(long retryMillis) {
            if (!promise.isDone()) {
                Connecting.once(bootstrap, remote, promise, failure -> afterFailure(failure, retryMillis));
            }
        }

        private void afterFailure(Throwable failure, long retryMillis) {
            if (ConnectFailures.isAbsent(address) || !sockets.isFullBacklog(failure)) {
                promise.tryFailure(ConnectFailures.of(address, failure));
                return;
            }
            full = failure;
            long nextRetryMillis = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
            bootstrap.config().group().schedule(() -> next(nextRetryMillis), retryMillis, TimeUnit.MILLISECONDS);
        }

        private void giveUp(int millis) {
            if (full != null) {
                promise.tryFailure(ConnectFailures.of(
                        address, "its server did not accept within " + millis + " ms, its backlog is full", full));
            }
        }
    }

    private SocketAddress socketAddress(TtrpcAddress address) {
        if (address instanceof TtrpcAddress.Unix unix) {
            return sockets.unixAddress(checked(unix.path()));
        }
        if (!sockets.hasAbstractNames()) {
            throw new IllegalArgumentException("abstract names are not supported by " + sockets.kind()
                    + " sockets, they need Linux and epoll, use the path of a socket");
        }
        return sockets.unixAddress("\0" + ((TtrpcAddress.Abstract) address).name());
    }

    private String checked(String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > sockets.longestPath()) {
            throw new IllegalArgumentException("the path has " + bytes + " bytes, this system allows "
                    + sockets.longestPath() + " for a socket, choose a shorter one");
        }
        return path;
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
            return new UnixSocketFile(unix, options, sockets).listen(bootstrap);
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
