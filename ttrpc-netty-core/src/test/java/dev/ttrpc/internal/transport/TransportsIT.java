package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.Peer;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connecting and listening on each kind of address, with each kind of socket that this machine has. */
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"EPOLL", "NIO", "IO_URING"})
class TransportsIT {

    @Parameter
    TransportKind kind;

    @TempDir
    Path directory;

    private TransportResources resources;

    @BeforeEach
    void open() {
        resources =
                TransportResources.builder().transport(kind).eventLoopThreads(2).build();
    }

    @AfterEach
    void close() {
        resources.close();
    }

    static Stream<String> everyAddress() {
        return Stream.of(
                "unix://DIRECTORY/x.sock",
                "unix://@ttrpc-java-test-NANOS",
                "tcp://127.0.0.1:0",
                "tcp://[::1]:0",
                "tcp://localhost:0",
                "in-process:Greeter");
    }

    @ParameterizedTest
    @MethodSource("everyAddress")
    void whatIsSentComesBackAndTheAddressCanBeListenedOnAgain(String form) throws Exception {
        String address = here(form);
        if (kind == TransportKind.NIO && address.contains("@")) {
            assertAbstractNamesAreRefused(address);
            return;
        }
        Listener listener = Lines.echoServer(resources, address);
        assertEchoes(listener);
        String real = listener.address().toString();
        close(listener);
        for (int round = 0; round < 20; round++) {
            Listener again = Lines.echoServer(resources, real);
            assertThat(again.address()).hasToString(real);
            assertEchoes(again);
            close(again);
        }
    }

    private void assertAbstractNamesAreRefused(String address) {
        String reason =
                "abstract names are not supported by NIO sockets, they need Linux and epoll, use the path of a socket";
        assertThatThrownBy(() -> Lines.echoServer(resources, address))
                .isInstanceOf(BindException.class)
                .hasMessage("Cannot listen on " + address + ": " + reason);
        assertThatThrownBy(() -> connect(address))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Cannot connect to " + address + ": " + reason);
    }

    @ParameterizedTest
    @MethodSource("everyAddress")
    void bothEndsHaveOurLoopsOurAllocatorAndOneInitialization(String form) throws Exception {
        String address = here(form);
        if (kind == TransportKind.NIO && address.contains("@")) {
            return;
        }
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        Listener listener = Transports.of(resources)
                .listen(TtrpcAddress.parse(address), ListenOptions.DEFAULT, accepted::add, () -> {});
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            await().until(() -> !accepted.isEmpty());
            for (Channel channel : List.of(client.channel(), accepted.get(0))) {
                assertThat(channel.alloc()).isSameAs(Transports.allocator());
                assertThat(channel.config().isAutoRead()).isTrue();
                Thread loop = channel.eventLoop().submit(Thread::currentThread).get();
                assertThat(loop).isInstanceOf(TtrpcEventLoopThread.class);
                assertThat(loop.isDaemon()).isTrue();
                String name =
                        address.startsWith("in-process") ? "local" : kind.name().toLowerCase(java.util.Locale.ROOT);
                assertThat(loop.getName()).matches("ttrpc-" + name + "-[12]");
            }
        }
        assertThat(accepted).hasSize(1);
    }

    @Test
    void connectionsLiveOnTheLoopThatWasChosenAndTheCallbackRunsThere() throws Exception {
        Listener listener = Lines.echoServer(resources, "tcp://localhost:0");
        Transports transports = Transports.of(resources);
        EventLoop loop = transports.nextEventLoop(listener.address());
        for (int i = 0; i < 3; i++) {
            Lines.Attempt attempt = new Lines.Attempt();
            transports.connect(listener.address(), loop, Lines.TIMEOUT_NANOS, channel -> {}, attempt);
            Channel channel = attempt.await();
            assertThat(channel.eventLoop()).isSameAs(loop);
            assertThat(loop.inEventLoop(attempt.thread)).isTrue();
            channel.close().sync();
        }
    }

    @Test
    void tcpPortIsToldAndItsPeersHaveAddressesButNoCredentials() throws Exception {
        List<Peer> peers = new CopyOnWriteArrayList<>();
        Listener listener = listenAndKeepPeers("tcp://127.0.0.1:0", peers);
        int port = ((TtrpcAddress.Tcp) listener.address()).port();
        assertThat(port).isPositive();
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            await().until(() -> !peers.isEmpty());
            assertThat(Transports.peer(client.channel()))
                    .isEqualTo(new Peer("tcp://127.0.0.1:" + port, new TtrpcAddress.Tcp("127.0.0.1", port), null));
            assertThat(client.channel().config().getOption(ChannelOption.TCP_NODELAY))
                    .isTrue();
            assertThat(peers.get(0).address()).startsWith("tcp://127.0.0.1:");
            assertThat(peers.get(0).parsedAddress()).isNotEqualTo(listener.address());
            assertThat(peers.get(0).credentials()).isNull();
        }
    }

    @Test
    void ipv6PeerHasAShortAddress() throws Exception {
        List<Peer> peers = new CopyOnWriteArrayList<>();
        Listener listener = listenAndKeepPeers("tcp://[::1]:0", peers);
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            await().until(() -> !peers.isEmpty());
            assertThat(peers.get(0).address()).startsWith("tcp://[::1]:");
            assertThat(Transports.peer(client.channel()).parsedAddress()).isEqualTo(listener.address());
        }
    }

    @Test
    void tcpOptionsReachTheAcceptedConnection() throws Exception {
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        Listener listener = Transports.of(resources)
                .listen(
                        TtrpcAddress.parse("tcp://127.0.0.1:0"),
                        ListenOptions.builder()
                                .tcpNoDelay(false)
                                .tcpKeepAlive(true)
                                .build(),
                        accepted::add,
                        () -> {});
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.channel().isActive()).isTrue();
            await().until(() -> !accepted.isEmpty());
            assertThat(accepted.get(0).config().getOption(ChannelOption.TCP_NODELAY))
                    .isFalse();
            assertThat(accepted.get(0).config().getOption(ChannelOption.SO_KEEPALIVE))
                    .isTrue();
        }
    }

    @Test
    void tcpPortInUseIsSaidToBeInUse() throws Exception {
        Listener listener = Lines.echoServer(resources, "tcp://127.0.0.1:0");
        assertThatThrownBy(() -> Lines.echoServer(resources, listener.address().toString()))
                .isInstanceOf(BindException.class)
                .hasMessage("Cannot listen on " + listener.address()
                        + ": the port is in use, stop the program that listens there or choose another port");
    }

    @Test
    void tcpAddressOfAnotherMachineIsRefused() {
        assertThatThrownBy(() -> Lines.echoServer(resources, "tcp://192.0.2.1:0"))
                .isInstanceOf(BindException.class)
                .hasMessage(
                        "Cannot listen on tcp://192.0.2.1:0: this machine does not have that address, name one that it has");
    }

    @Test
    void abstractNameInUseIsSaidToBeTaken() throws Exception {
        assumeTrue(kind != TransportKind.NIO);
        String address = here("unix://@ttrpc-java-test-NANOS");
        Listener listener = Lines.echoServer(resources, address);
        assertThatThrownBy(() -> Lines.echoServer(resources, address))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on " + address + ": the name is taken, choose another one");
        assertEchoes(listener);
    }

    @Test
    void unknownHostIsSaidToBeUnknownOnBothSides() {
        assertThatThrownBy(() -> connect("tcp://no-such-host.invalid:80"))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Cannot connect to tcp://no-such-host.invalid:80: the host is not known");
        assertThatThrownBy(() -> Lines.echoServer(resources, "tcp://no-such-host.invalid:80"))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on tcp://no-such-host.invalid:80: the host is not known");
    }

    @Test
    void portWithoutServerRefuses() throws Exception {
        Listener listener = Lines.echoServer(resources, "tcp://127.0.0.1:0");
        close(listener);
        assertThatThrownBy(() -> connect(listener.address().toString()))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Cannot connect to " + listener.address() + ": connection refused, is its server running?");
    }

    @Test
    void portZeroIsForListeningOnly() {
        assertThatThrownBy(() -> connect("tcp://127.0.0.1:0"))
                .hasMessage(
                        "Cannot connect to tcp://127.0.0.1:0: port 0 is for listening only, name the server's port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vsock://any:1024",
                "hvsock:///run/vm.sock:1024",
                "npipe:////./pipe/x",
                "fd://3",
                "systemd://x",
                "my-bus:x"
            })
    void addressWithoutTransportIsNotSupportedOnBothSides(String address) {
        assertThatThrownBy(() -> connect(address))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("Address " + address + " is not supported: ");
        assertThatThrownBy(() -> Lines.echoServer(resources, address))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("Address " + address + " is not supported: ");
    }

    @Test
    void cancelledAttemptFailsWithACancellation() throws Exception {
        Transports transports = Transports.of(resources);
        TtrpcAddress address = Lines.echoServer(resources, "tcp://localhost:0").address();
        EventLoop loop = transports.nextEventLoop(address);
        Lines.Attempt attempt = new Lines.Attempt();
        List<Channel> initialized = new CopyOnWriteArrayList<>();
        loop.submit(() -> {
                    Cancellable connecting =
                            transports.connect(address, loop, Lines.TIMEOUT_NANOS, initialized::add, attempt);
                    connecting.cancel();
                    connecting.cancel();
                })
                .sync();
        assertThatThrownBy(attempt::await).isInstanceOf(CancellationException.class);
        assertThat(initialized)
                .allSatisfy(channel -> assertThat(channel.isOpen()).isFalse());
    }

    @Test
    void cancellingLateChangesNothing() throws Exception {
        Listener listener = Lines.echoServer(resources, "in-process:late");
        Transports transports = Transports.of(resources);
        Lines.Attempt attempt = new Lines.Attempt();
        Cancellable connecting = transports.connect(
                listener.address(),
                transports.nextEventLoop(listener.address()),
                Lines.TIMEOUT_NANOS,
                channel -> {},
                attempt);
        Channel channel = attempt.await();
        connecting.cancel();
        assertThat(channel.isActive()).isTrue();
        channel.close().sync();
    }

    @Test
    void listeningOnAnEventLoopIsRefusedAtOnce() throws Exception {
        TtrpcAddress address = new TtrpcAddress.InProcess("x");
        EventLoop loop = Transports.of(resources).nextEventLoop(address);
        assertThatThrownBy(() -> loop.submit(() -> Lines.echoServer(resources, address.toString()))
                        .get())
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not be called on a ttrpc event loop");
    }

    private Listener listenAndKeepPeers(String address, List<Peer> peers) throws Exception {
        return Transports.of(resources)
                .listen(
                        TtrpcAddress.parse(address),
                        ListenOptions.DEFAULT,
                        channel -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                peers.add(Transports.peer(ctx.channel()));
                            }
                        }),
                        () -> {});
    }

    private String here(String form) {
        return form.replace("DIRECTORY", directory.toString()).replace("NANOS", Long.toString(System.nanoTime()));
    }

    private void connect(String address) throws Exception {
        // A loop of any kind: what is wrong is found before it matters.
        EventLoop loop = Transports.of(resources).nextEventLoop(new TtrpcAddress.Tcp("localhost", 1));
        Lines.Attempt attempt = new Lines.Attempt();
        Transports.of(resources)
                .connect(TtrpcAddress.parse(address), loop, Lines.TIMEOUT_NANOS, channel -> {}, attempt);
        attempt.await();
    }

    private void assertEchoes(Listener listener) throws Exception {
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    private static void close(Listener listener) throws Exception {
        listener.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
