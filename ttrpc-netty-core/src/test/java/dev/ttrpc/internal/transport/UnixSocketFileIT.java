package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a socket's file, with each kind of socket that this machine has. */
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"EPOLL", "NIO", "IO_URING"})
class UnixSocketFileIT {

    @Parameter
    TransportKind kind;

    @TempDir
    Path directory;

    private TransportResources resources;
    private Path path;

    @BeforeEach
    void open() {
        resources =
                TransportResources.builder().transport(kind).eventLoopThreads(2).build();
        path = directory.resolve("x.sock");
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void socketIsTheOnlyFileAndIsGoneAfterClose() throws Exception {
        Listener listener = listen();
        assertThat(directory.toFile().list()).containsExactly("x.sock");
        assertThat(listener.address()).isEqualTo(new TtrpcAddress.Unix(path.toString()));
        assertThat(listener.isOpen()).isTrue();

        close(listener);
        assertThat(listener.isOpen()).isFalse();
        assertThat(directory).isEmptyDirectory();
        close(listener);
    }

    @Test
    void onlyItsOwnerMayConnectByDefault() throws Exception {
        listen();
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void permissionsAreAsWished() throws Exception {
        listen(ListenOptions.builder()
                .unixPermissions(PosixFilePermissions.fromString("rw-rw-r--"))
                .build());
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-rw-r--"));
    }

    @Test
    void ownerAndGroupMayBeNumbers() throws Exception {
        assumeTrue(UnixUsers.own().uid() == 0, "only root gives files away");
        listen(ListenOptions.builder().unixOwner("4711").unixGroup("4712").build());
        assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(4711);
        assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(4712);
    }

    @Test
    void unknownOwnerStopsTheStart() {
        assertRefused(
                ListenOptions.builder().unixOwner("nobody-of-that-name").build(),
                "there is no user 'nobody-of-that-name', name another one");
        assertRefused(
                ListenOptions.builder().unixGroup("nobody-of-that-name").build(),
                "there is no group 'nobody-of-that-name', name another one");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void staleSocketIsReplaced() throws Exception {
        leaveStaleSocket();
        Listener listener = listen();
        assertServes(listener);
    }

    @Test
    void staleSocketStopsTheStartIfSoWished() throws Exception {
        leaveStaleSocket();
        assertRefused(
                ListenOptions.builder().existing(ListenOptions.Existing.FAIL).build(),
                "a socket that nobody serves is left there, remove it or let existing replace it");
        assertThat(directory.toFile().list()).containsExactly("x.sock");
    }

    @Test
    void liveServersSocketIsNeverTaken() throws Exception {
        Listener first = listen();
        assertRefused(
                ListenOptions.DEFAULT, "it is served by a live process, stop that process or choose another path");
        assertThat(directory.toFile().list()).containsExactly("x.sock");
        assertServes(first);
    }

    @Test
    void serverWithAFullBacklogIsALiveOne() throws Exception {
        try (ServerSocketChannel busy = serveWithoutAccepting();
                Crowd crowd = new Crowd()) {
            crowd.fillBacklog();
            assertRefused(ListenOptions.DEFAULT, "it is served by a live process");
        }
    }

    @Test
    void whatIsNoSocketIsNeverRemoved() throws Exception {
        Files.writeString(path, "precious");
        assertRefused(
                ListenOptions.DEFAULT, "there is something that is not a socket, remove it or choose another path");
        assertThat(path).hasContent("precious");
        assertThat(directory.toFile().list()).containsExactly("x.sock");
    }

    @Test
    void linkToASocketIsNoSocket() throws Exception {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(path, target);
        assertRefused(ListenOptions.DEFAULT, "there is something that is not a socket");
        assertThat(path).isSymbolicLink();
    }

    @Test
    void missingDirectoryStopsTheStart() {
        path = directory.resolve("a/b/x.sock");
        assertRefused(
                ListenOptions.DEFAULT,
                "the directory " + directory + "/a/b does not exist, create it or set create-directories");
    }

    @Test
    void missingDirectoriesAreMadeIfSoWished() throws Exception {
        path = directory.resolve("a/b/x.sock");
        Listener listener =
                listen(ListenOptions.builder().createDirectories(true).build());
        assertServes(listener);
        assertThat(Files.getPosixFilePermissions(path.getParent()).toString()).doesNotContain("OTHERS_WRITE");
    }

    @Test
    void fileAsDirectoryStopsTheStart() throws Exception {
        Files.createFile(directory.resolve("a"));
        path = directory.resolve("a/x.sock");
        assertRefused(ListenOptions.DEFAULT, directory + "/a is not a directory, choose another path");
        path = directory.resolve("a/b/x.sock");
        assertRefused(
                ListenOptions.builder().createDirectories(true).build(),
                "the directory " + directory + "/a/b cannot be created");
    }

    @Test
    void directoryThatCannotBeWrittenStopsTheStart() {
        path = Path.of("/proc/self/x.sock"); // not even root writes there
        assertRefused(ListenOptions.DEFAULT, "the directory /proc/self is not writable, change its permissions");
    }

    @Test
    void longestPathThatTheSystemAllowsIsServed() throws Exception {
        path = pathOfBytes(longest());
        Listener listener = listen();
        assertServes(listener);
        assertRefused(ListenOptions.DEFAULT, "it is served by a live process");
        close(listener);
        assertThat(directory).isEmptyDirectory();

        leaveStaleSocketOf(resources);
        assertServes(listen());
    }

    @Test
    void longPathInALongDirectoryIsServed() throws Exception {
        Path deep = Files.createDirectory(
                directory.resolve("d".repeat(longest() - directory.toString().length() - 3)));
        path = deep.resolve("x");
        assertThat(path.toString()).hasSize(longest());
        assertServes(listen());
        assertThat(deep.toFile().list()).containsExactly("x");
    }

    @Test
    void pathThatIsTooLongIsRefusedOnBothSidesWithTheLimit() {
        path = pathOfBytes(longest() + 1);
        String sentence = "the path has " + (longest() + 1) + " bytes, this system allows " + longest()
                + " for a socket, choose a shorter one";
        assertRefused(ListenOptions.DEFAULT, sentence);
        assertThatThrownBy(() -> Lines.connect(resources, address()))
                .hasMessage("Cannot connect to " + address() + ": " + sentence);
    }

    @Test
    void socketOfSomebodyElseAtThePathStays() throws Exception {
        Listener listener = listen();
        Files.delete(path);
        try (ServerSocketChannel other = serveWithoutAccepting()) {
            close(listener);
            assertThat(path).exists();
        }
    }

    @Test
    void socketRemovedWhileServingHarmsNeitherItsConnectionsNorItsEnd() throws Exception {
        Listener listener = listen();
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            Files.delete(path);
            assertThat(client.echo("still here")).isEqualTo("still here");
            assertThat(listener.isOpen()).isTrue();
            Listener second = listen();
            close(listener);
            assertServes(second);
            assertThat(client.echo("and here")).isEqualTo("and here");
        }
    }

    @Test
    void closingLeavesAcceptedConnectionsAlone() throws Exception {
        Listener listener = listen();
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.echo("a")).isEqualTo("a");
            close(listener);
            assertThat(client.echo("b")).isEqualTo("b");
            assertServes(listen());
        }
    }

    @Test
    void socketMayBeLeft() throws Exception {
        close(listen(ListenOptions.builder().deleteOnClose(false).build()));
        assertThat(path).exists();
        assertServes(listen());
    }

    @Test
    void endOfTheEventLoopsRemovesTheSocketToo() throws Exception {
        Listener listener = listen();
        resources.close();
        await().until(() -> !Files.exists(path));
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void ofManyServersThatWantOnePathExactlyOneGetsIt() throws Exception {
        int servers = 8;
        ExecutorService starters = Executors.newFixedThreadPool(servers);
        try {
            for (int round = 0; round < 20; round++) {
                if (round % 2 == 0) {
                    leaveStaleSocket();
                }
                CyclicBarrier start = new CyclicBarrier(servers);
                Callable<Listener> starter = () -> {
                    start.await();
                    return listen();
                };
                List<Future<Listener>> starts = starters.invokeAll(
                        Stream.generate(() -> starter).limit(servers).toList());
                List<Listener> winners = new ArrayList<>();
                for (Future<Listener> each : starts) {
                    try {
                        winners.add(each.get());
                    } catch (java.util.concurrent.ExecutionException e) {
                        assertThat(e.getCause()).hasMessageContaining("it is served by a live process");
                    }
                }
                assertThat(winners).hasSize(1);
                assertThat(directory.toFile().list()).containsExactly("x.sock");
                assertServes(winners.get(0));
                close(winners.get(0));
            }
        } finally {
            starters.shutdownNow();
        }
    }

    @Test
    void lockFileThatACrashLeftIsNoHindrance() throws Exception {
        Files.createFile(directory.resolve(".x.sock.lock"));
        assertServes(listen());
        assertThat(directory.toFile().list()).containsExactly("x.sock");
    }

    @Test
    void absentSocketIsSaidToBeAbsent() {
        assertThatThrownBy(() -> Lines.connect(resources, address()))
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("Cannot connect to " + address() + ": there is no such socket, is its server running?");
    }

    @Test
    void staleSocketRefusesConnections() throws Exception {
        leaveStaleSocket();
        assertThatThrownBy(() -> Lines.connect(resources, address()))
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("Cannot connect to " + address() + ": connection refused, is its server running?");
    }

    @Test
    void fullBacklogIsTriedAgainUntilThereIsRoom() throws Exception {
        try (ServerSocketChannel busy = serveWithoutAccepting();
                Crowd crowd = new Crowd()) {
            int waiting = crowd.fillBacklog();
            Lines.Attempt attempt = new Lines.Attempt();
            Transports transports = Transports.of(resources);
            transports.connect(
                    address(), transports.nextEventLoop(address()), Lines.TIMEOUT_NANOS, channel -> {}, attempt);
            for (int i = 0; i < waiting; i++) {
                busy.accept().close();
            }
            attempt.await().close().sync();
        }
    }

    @Test
    void fullBacklogIsSaidToBeFullWhenTheTimeIsOver() throws Exception {
        try (ServerSocketChannel busy = serveWithoutAccepting();
                Crowd crowd = new Crowd()) {
            crowd.fillBacklog();
            assertThatThrownBy(() -> Lines.connect(resources, address(), TimeUnit.MILLISECONDS.toNanos(200)))
                    .isInstanceOf(java.net.ConnectException.class)
                    .hasMessageStartingWith("Cannot connect to " + address())
                    .hasMessageContaining("its backlog is full");
        }
    }

    @Test
    void peersKnowEachOther() throws Exception {
        List<dev.ttrpc.Peer> peers = new java.util.concurrent.CopyOnWriteArrayList<>();
        Listener listener = Transports.of(resources)
                .listen(
                        address(),
                        ListenOptions.DEFAULT,
                        channel -> channel.pipeline().addLast(new io.netty.channel.ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(io.netty.channel.ChannelHandlerContext ctx) {
                                peers.add(Transports.peer(ctx.channel()));
                            }
                        }),
                        () -> {});
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            peers.add(Transports.peer(client.channel()));
            await().until(() -> peers.size() == 2);
        }
        assertThat(peers).allSatisfy(peer -> {
            assertThat(peer.address()).isEqualTo(address().toString());
            assertThat(peer.parsedAddress()).isEqualTo(address());
            assertThat(peer.credentials().uid()).isEqualTo(UnixUsers.own().uid());
            assertThat(peer.credentials().gid()).isEqualTo(UnixUsers.own().gid());
            assertThat(peer.credentials().pid())
                    .isEqualTo(
                            kind == TransportKind.NIO
                                    ? -1
                                    : (int) ProcessHandle.current().pid());
        });
    }

    private TtrpcAddress address() {
        return new TtrpcAddress.Unix(path.toString());
    }

    private Listener listen() throws IOException {
        return listen(ListenOptions.DEFAULT);
    }

    private Listener listen(ListenOptions options) throws IOException {
        return Lines.echoServer(resources, address().toString(), options);
    }

    private static void close(Listener listener) throws Exception {
        listener.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void assertServes(Listener listener) throws Exception {
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    private void assertRefused(ListenOptions options, String reason) {
        assertThatThrownBy(() -> listen(options))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on " + address() + ": " + reason);
    }

    private int longest() {
        return kind == TransportKind.NIO ? 106 : 107;
    }

    private Path pathOfBytes(int bytes) {
        return directory.resolve("x".repeat(bytes - directory.toString().length() - 1));
    }

    /** Java leaves the file where it is. */
    private void leaveStaleSocket() throws IOException {
        serveWithoutAccepting().close();
    }

    private void leaveStaleSocketOf(TransportResources server) throws Exception {
        close(Lines.echoServer(
                server,
                address().toString(),
                ListenOptions.builder().deleteOnClose(false).build()));
    }

    private ServerSocketChannel serveWithoutAccepting() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return server.bind(UnixDomainSocketAddress.of(path), 2);
    }

    /** Connections that nobody accepts. */
    private final class Crowd implements AutoCloseable {
        private final List<SocketChannel> connections = new ArrayList<>();

        int fillBacklog() throws IOException {
            while (true) {
                SocketChannel next = SocketChannel.open(StandardProtocolFamily.UNIX);
                next.configureBlocking(false);
                try {
                    next.connect(UnixDomainSocketAddress.of(path));
                    connections.add(next);
                } catch (java.net.SocketException full) {
                    next.close();
                    return connections.size();
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel each : connections) {
                each.close();
            }
        }
    }
}
