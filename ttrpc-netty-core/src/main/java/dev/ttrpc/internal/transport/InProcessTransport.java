package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Servers of the same JVM, by name: Netty's local channel with the same pipeline as any other, and with back-pressure. */
final class InProcessTransport implements TransportProvider {

    /** All of the JVM. Netty's own registry does not tell upper from lower case. */
    private static final ConcurrentMap<String, LocalAddress> SERVERS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "local";
    }

    @Override
    public boolean supports(TtrpcAddress address) {
        return address instanceof TtrpcAddress.InProcess;
    }

    /** Local channels register with no other kind of loop. */
    @Override
    public IoHandlerFactory ioHandlers() {
        return LocalIoHandler.newFactory();
    }

    @Override
    public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
        LocalAddress server = SERVERS.get(((TtrpcAddress.InProcess) address).name());
        if (server == null) {
            promise.tryFailure(noServer(address, null));
            return;
        }
        bootstrap.channelFactory(InProcessChannel::new);
        Connecting.once(bootstrap, server, promise, failure -> promise.tryFailure(noServer(address, failure)));
    }

    private static Throwable noServer(TtrpcAddress address, @Nullable Throwable cause) {
        return ConnectFailures.of(address, "no server of this JVM listens under that name, is it started?", cause);
    }

    @Override
    public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) throws IOException {
        String name = ((TtrpcAddress.InProcess) address).name();
        LocalAddress local = new LocalAddress(InProcessTransport.class);
        Channel channel = BoundListener.bind(bootstrap.channelFactory(InProcessChannel.Server::new), local);
        if (SERVERS.putIfAbsent(name, local) != null) {
            channel.close();
            throw ListenFailures.of(address, "another server of this JVM has that name, choose another one", null);
        }
        return new BoundListener(address, channel, () -> SERVERS.remove(name, local));
    }

    @Override
    public PeerCredentials peerCredentials(Channel channel) {
        return UnixUsers.own();
    }
}
