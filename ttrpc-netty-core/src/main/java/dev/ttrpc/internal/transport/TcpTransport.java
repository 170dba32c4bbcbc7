package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;

/** TCP. A host's addresses are looked up at each connect, off the event loop, and tried in the system's order. */
final class TcpTransport implements TransportProvider {

    private final Sockets sockets;
    private final Executor lookups;

    /** Looks hosts up on the executor given. */
    TcpTransport(Sockets sockets, Executor lookups) {
        this.sockets = sockets;
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public boolean supports(TtrpcAddress address) {
        return address instanceof TtrpcAddress.Tcp;
    }

    @Override
    public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
        TtrpcAddress.Tcp tcp = (TtrpcAddress.Tcp) address;
        if (tcp.port() == 0) {
            promise.tryFailure(
                    ConnectFailures.of(address, "port 0 is for listening only, name the server's port", null));
            return;
        }
        bootstrap.channelFactory(sockets::tcpClient).option(ChannelOption.TCP_NODELAY, true);
        if (isLiteral(tcp.host())) {
            connectToFirst(tcp, List.of(literal(tcp.host())), bootstrap, promise);
            return;
        }
        lookups.execute(() -> {
            try {
                List<InetAddress> found = List.of(InetAddress.getAllByName(tcp.host()));
                bootstrap.config().group().execute(() -> connectToFirst(tcp, found, bootstrap, promise));
            } catch (UnknownHostException | RuntimeException e) {
                promise.tryFailure(ConnectFailures.of(address, e));
            }
        });
    }

    private void connectToFirst(
            TtrpcAddress.Tcp address, List<InetAddress> hosts, Bootstrap bootstrap, Promise<Channel> promise) {
        if (promise.isDone()) {
            return;
        }
        InetSocketAddress remote = new InetSocketAddress(hosts.get(0), address.port());
        List<InetAddress> others = hosts.subList(1, hosts.size());
        Connecting.once(bootstrap, remote, promise, failure -> {
            if (others.isEmpty()) {
                promise.tryFailure(ConnectFailures.of(address, failure));
            } else {
                connectToFirst(address, others, bootstrap, promise);
            }
        });
    }

    @Override
    public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) throws IOException {
        TtrpcAddress.Tcp tcp = (TtrpcAddress.Tcp) address;
        bootstrap
                .channelFactory(sockets::tcpServer)
                .option(ChannelOption.SO_BACKLOG, options.tcpBacklog())
                .option(ChannelOption.SO_REUSEADDR, !PlatformDependent.isWindows()) // there it would share the port
                .childOption(ChannelOption.TCP_NODELAY, options.tcpNoDelay())
                .childOption(ChannelOption.SO_KEEPALIVE, options.tcpKeepAlive());
        InetAddress host;
        try {
            host = InetAddress.getByName(tcp.host());
        } catch (UnknownHostException e) {
            throw ListenFailures.of(address, "the host is not known, name one of this machine's addresses", e);
        }
        try {
            Channel channel = BoundListener.bind(bootstrap, new InetSocketAddress(host, tcp.port()));
            int port = ((InetSocketAddress) channel.localAddress()).getPort();
            return new BoundListener(new TtrpcAddress.Tcp(tcp.host(), port), channel, () -> {});
        } catch (IOException e) {
            throw ListenFailures.of(address, reason(e), e);
        }
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("in use")) {
            return "the port is in use, stop the program that listens there or choose another port";
        }
        if (message.contains("assign")) {
            return "this machine does not have that address, name one that it has";
        }
        if (e instanceof BindException || message.contains("ermission")) {
            return message + ", choose another port";
        }
        return message;
    }

    @Override
    public TtrpcAddress peerAddress(Channel channel, TtrpcAddress address) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote && !remote.isUnresolved()) {
            return new TtrpcAddress.Tcp(NetUtil.toAddressString(remote.getAddress()), remote.getPort());
        }
        return address;
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || NetUtil.isValidIpV4Address(host);
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no such interface", e);
        }
    }
}
