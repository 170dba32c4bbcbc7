package dev.ttrpc.calls;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Addresses like {@code held:name}: an attempt to connect is held until the test decides how it ends. */
final class HeldTransport implements TransportProvider, AutoCloseable {
    private final BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    private final TransportResources resources =
            TransportResources.builder().eventLoopThreads(1).provider(this).build();

    /** One attempt under way. */
    record Attempt(Bootstrap bootstrap, Promise<Channel> promise) {
        void connect(TtrpcAddress address) {
            TtrpcAddress.Tcp tcp = (TtrpcAddress.Tcp) address;
            ChannelFuture connecting = bootstrap
                    .channel(NioSocketChannel.class)
                    .connect(new java.net.InetSocketAddress(tcp.host(), tcp.port()));
            connecting.addListener(done -> {
                if (done.isSuccess()) {
                    promise.trySuccess(connecting.channel());
                } else {
                    promise.tryFailure(done.cause());
                }
            });
        }

        void fail(String text) {
            promise.tryFailure(new IOException(text));
        }
    }

    /** For the channels that connect here. */
    TransportResources resources() {
        return resources;
    }

    /** The next attempt, waited for. */
    Attempt next() throws InterruptedException {
        Attempt next = attempts.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody tried to connect");
        }
        return next;
    }

    /** How many attempts nobody has asked for. */
    int waiting() {
        return attempts.size();
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public boolean supports(TtrpcAddress address) {
        return address instanceof TtrpcAddress.Custom custom && custom.scheme().equals("held");
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return NioIoHandler.newFactory();
    }

    @Override
    public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
        attempts.add(new Attempt(bootstrap, promise));
    }

    @Override
    public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) throws IOException {
        throw new IOException("Address " + address + " is for connecting only");
    }

    @Override
    public void close() {
        resources.close();
    }
}
