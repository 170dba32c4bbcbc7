package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpTransportTests {

    private final TransportResources resources = TransportResources.builder().build();
    private final Queue<Runnable> lookups = new ArrayDeque<>();
    private final TcpTransport transport = new TcpTransport(Sockets.of(TransportKind.AUTO), lookups::add);

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void hostIsLookedUpAwayFromTheLoopAtEachAttempt() throws Exception {
        Listener listener = Lines.echoServer(resources, "tcp://localhost:0");
        for (int attempt = 0; attempt < 2; attempt++) {
            Promise<Channel> promise = connect(listener.address());
            assertThat(promise.isDone()).isFalse();
            assertThat(lookups).hasSize(1);
            lookups.remove().run();
            promise.sync().getNow().close().sync();
        }
    }

    @Test
    void literalNeedsNoLookup() throws Exception {
        for (String address : List.of("tcp://127.0.0.1:0", "tcp://[::1]:0")) {
            Listener listener = Lines.echoServer(resources, address);
            connect(listener.address()).sync().getNow().close().sync();
        }
        assertThat(lookups).isEmpty();
    }

    @Test
    void nothingIsConnectedForAnAttemptThatWasGivenUpDuringTheLookup() throws Exception {
        Listener listener = Lines.echoServer(resources, "tcp://localhost:0");
        Promise<Channel> promise = connect(listener.address());
        promise.cancel(false);
        lookups.remove().run();
        assertThat(promise.isCancelled()).isTrue();
    }

    @Test
    void allAddressesOfAHostAreTried() throws Exception {
        InetAddress[] all = InetAddress.getAllByName("localhost");
        assumeTrue(all.length > 1, "localhost has two addresses");
        InetAddress last = all[all.length - 1];
        String literal = last instanceof Inet6Address ? "[::1]" : last.getHostAddress();
        Listener listener = Lines.echoServer(resources, "tcp://" + literal + ":0");
        int port = ((TtrpcAddress.Tcp) listener.address()).port();
        Promise<Channel> promise = connect(new TtrpcAddress.Tcp("localhost", port));
        lookups.remove().run();
        promise.sync().getNow().close().sync();
    }

    private Promise<Channel> connect(TtrpcAddress address) throws Exception {
        EventLoop loop = Transports.of(resources).nextEventLoop(address);
        Promise<Channel> promise = loop.newPromise();
        Bootstrap bootstrap = new Bootstrap().group(loop).handler(new ChannelInboundHandlerAdapter());
        loop.submit(() -> transport.connect(address, bootstrap, promise)).sync();
        return promise;
    }
}
