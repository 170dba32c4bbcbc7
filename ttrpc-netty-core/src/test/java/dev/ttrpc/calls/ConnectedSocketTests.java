package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.CallContext;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Peer;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.calls.RawClient.Frame;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that somebody else made, served like those that were accepted. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ConnectedSocketTests {
    private static final String SERVICE = "test.Peers";
    private static final MethodDescriptor<String, String> WHO =
            MethodDescriptor.unary(SERVICE, "Who", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private final List<AutoCloseable> closed = new ArrayList<>();
    private volatile Peer seen;
    private final ServiceDefinition who = ServiceDefinition.builder(SERVICE)
            .unary(WHO, text -> {
                seen = Objects.requireNonNull(CallContext.current()).peer();
                return text;
            })
            .build();

    @TempDir
    private Path directory;

    private TtrpcServer server;

    @BeforeEach
    void start() throws IOException {
        server = start(TtrpcServer.builder());
    }

    private TtrpcServer start(TtrpcServer.Builder builder) throws IOException {
        TtrpcServer started = builder.service(Texts.blocking()).build();
        closed.add(started);
        return started.start();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    /** Both ends of a connection: the first for the server, the second for the test. */
    private List<SocketChannel> pair(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        try (ServerSocketChannel listening =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open()) {
            listening.bind(address);
            SocketChannel client = SocketChannel.open(listening.getLocalAddress());
            closed.add(client);
            SocketChannel accepted = listening.accept(); // the server's to close
            return List.of(accepted, client);
        }
    }

    private List<SocketChannel> tcpPair() throws IOException {
        return pair(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private List<SocketChannel> unixPair() throws IOException {
        return pair(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    private static void request(SocketChannel client, String service, String method, String payload)
            throws IOException {
        byte[] body = RawClient.requestBody(service, method, payload, 0);
        client.write(ByteBuffer.allocate(10 + body.length)
                .putInt(body.length)
                .putInt(1)
                .put((byte) RawClient.REQUEST)
                .put((byte) 0)
                .put(body)
                .flip());
    }

    private static Frame read(SocketChannel client) throws IOException {
        ByteBuffer header = read(client, 10);
        int length = header.getInt();
        return new Frame(
                header.getInt(),
                header.get(),
                header.get(),
                read(client, length).array());
    }

    private static ByteBuffer read(SocketChannel client, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (client.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private static void assertAnswers(SocketChannel client) throws IOException {
        request(client, Texts.SERVICE, "Echo", "hi");
        assertThat(read(client)).hasToString("1 RESPONSE 0 12026869");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO"})
    void aSocketOfJavaIsServedWhateverDrivesTheOthers(TransportKind kind) throws Exception {
        TransportResources resources =
                TransportResources.builder().transport(kind).build();
        closed.add(resources);
        TtrpcServer own = start(TtrpcServer.builder().resources(resources));
        for (List<SocketChannel> pair : List.of(tcpPair(), unixPair())) {
            own.serve(ConnectedSocket.of(pair.get(0)));
            assertAnswers(pair.get(1));
        }
        assertThat(own.connections()).isEqualTo(2);
        assertThat(own.statistics().connectionsAccepted()).isEqualTo(2);
        assertThat(own.addresses()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDescriptorIsServedThoughItBlocks() throws Exception {
        List<SocketChannel> pair = unixPair();
        int descriptor = descriptorOf(pair);
        server.serve(ConnectedSocket.ofDescriptor(descriptor), who);
        SocketChannel client = pair.get(1);
        request(client, SERVICE, "Who", "hi");
        assertThat(read(client)).hasToString("1 RESPONSE 0 12026869");
        assertThat(flags(descriptor) & 04000).as("O_NONBLOCK").isNotZero();
        assertThat(seen.credentials()).isNotNull();
        assertThat(seen.credentials().pid())
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(seen.parsedAddress())
                .isEqualTo(new TtrpcAddress.Unix(directory.resolve("s").toString()));
        server.close();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDescriptorOfTcpIsServed() throws Exception {
        List<SocketChannel> pair = tcpPair();
        server.serve(ConnectedSocket.ofDescriptor(descriptorOf(pair)), who);
        request(pair.get(1), SERVICE, "Who", "hi");
        assertThat(read(pair.get(1))).hasToString("1 RESPONSE 0 12026869");
        InetSocketAddress client = (InetSocketAddress) pair.get(1).getLocalAddress();
        assertThat(seen.parsedAddress()).isEqualTo(new TtrpcAddress.Tcp("127.0.0.1", client.getPort()));
        assertThat(seen.credentials()).isNull();
    }

    @Test
    void whatIsNoConnectedStreamSocketIsRefusedAndLeftAlone() throws Exception {
        try (SocketChannel unconnected = SocketChannel.open()) {
            assertThatIOException()
                    .isThrownBy(() -> server.serve(ConnectedSocket.of(unconnected)))
                    .withMessageEndingWith("it is not connected, connect it before it is handed over");
            assertThat(unconnected.isOpen()).isTrue();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ConnectedSocket.ofDescriptor(-1));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDescriptorThatIsNoConnectedStreamSocketIsRefusedAndLeftAlone() throws Exception {
        Socket unconnected = Socket.newSocketDomain();
        Socket listening = Socket.newSocketDomain();
        Socket datagrams = Socket.newSocketDgram();
        try {
            listening.bind(new DomainSocketAddress(directory.resolve("l").toString()));
            listening.listen(1);
            assertRefused(unconnected.intValue(), "it is not connected, connect it before it is handed over");
            assertRefused(listening.intValue(), "it listens and is not connected");
            assertRefused(datagrams.intValue(), "it is no stream socket");
            assertRefused(1 << 20, "this process has no open descriptor of that number");
            assertThat(unconnected.isOpen()).isTrue();
        } finally {
            unconnected.close();
            listening.close();
            datagrams.close();
        }
        Path file = Files.createFile(directory.resolve("file"));
        try (InputStream open = Files.newInputStream(file)) {
            assertThat(open.available()).isZero();
            assertRefused(find(link -> link.equals(file.toString())), "it is " + file + " and no socket");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDescriptorThatIsHandedOverTwiceIsRefusedAndItsConnectionGoesOn() throws Exception {
        List<SocketChannel> pair = unixPair();
        int descriptor = descriptorOf(pair);
        server.serve(ConnectedSocket.ofDescriptor(descriptor));
        assertRefused(descriptor, "it was handed over before and is not closed yet");
        assertAnswers(pair.get(1));
        assertThat(server.connections()).isOne();
    }

    @Test
    void aSocketOfJavaThatIsHandedOverTwiceIsRefusedAndItsConnectionGoesOn() throws Exception {
        List<SocketChannel> pair = tcpPair();
        server.serve(ConnectedSocket.of(pair.get(0)));
        assertThatIOException()
                .isThrownBy(() -> server.serve(ConnectedSocket.of(pair.get(0))))
                .withMessageEndingWith("it was handed over before and is not closed yet");
        assertAnswers(pair.get(1));
    }

    private void assertRefused(int descriptor, String reason) {
        assertThatIOException()
                .isThrownBy(() -> server.serve(ConnectedSocket.ofDescriptor(descriptor)))
                .withMessage("The descriptor " + descriptor + " cannot be used: " + reason);
    }

    @Test
    void aServerThatWasShutDownLeavesTheSocketToItsCaller() throws Exception {
        List<SocketChannel> pair = tcpPair();
        server.shutdown(Duration.ZERO).get(10, TimeUnit.SECONDS);
        assertThatIllegalStateException()
                .isThrownBy(() -> server.serve(ConnectedSocket.of(pair.get(0))))
                .withMessage("the server was shut down and cannot serve anything more");
        assertThat(pair.get(0).isOpen()).isTrue();
        pair.get(0).close();
    }

    @Test
    void peersAreCheckedAndLimitsHold() throws Exception {
        TtrpcServer refusing = start(TtrpcServer.builder().peerCheck(peer -> false));
        List<SocketChannel> refused = tcpPair();
        refusing.serve(ConnectedSocket.of(refused.get(0)));
        assertThat(refused.get(1).read(ByteBuffer.allocate(1))).isEqualTo(-1);
        await().until(() -> refusing.statistics().connectionsRefused() == 1);

        TtrpcServer small = start(TtrpcServer.builder().maxConnections(1));
        List<SocketChannel> first = tcpPair();
        small.serve(ConnectedSocket.of(first.get(0)));
        assertAnswers(first.get(1));
        List<SocketChannel> second = tcpPair();
        small.serve(ConnectedSocket.of(second.get(0)));
        assertThat(second.get(1).read(ByteBuffer.allocate(1))).isEqualTo(-1);
        await().until(() -> small.statistics().connectionsOverLimit() == 1);
    }

    @Test
    void aShutdownEndsTheConnectionLikeAnyOther() throws Exception {
        List<SocketChannel> pair = tcpPair();
        server.serve(ConnectedSocket.of(pair.get(0)));
        assertAnswers(pair.get(1));
        assertThat(server.shutdown(Duration.ofMinutes(1)).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(pair.get(1).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    /** A second descriptor of the first socket, in blocking mode; Java's own is closed. */
    private int descriptorOf(List<SocketChannel> pair) throws Exception {
        SocketChannel accepted = pair.get(0);
        int javas = find(link -> link.startsWith("socket:"), number -> isAccepted(number, pair.get(1)));
        Socket listening = Socket.newSocketDomain();
        Socket sending = Socket.newSocketDomain();
        listening.bind(new DomainSocketAddress(directory.resolve("pass").toString()));
        listening.listen(1);
        sending.connect(listening.localDomainSocketAddress());
        Socket receiving = new Socket(listening.accept(new byte[108]));
        sending.sendFd(javas);
        int second = receiving.recvFd();
        listening.close();
        sending.close();
        receiving.close();
        accepted.configureBlocking(false);
        accepted.configureBlocking(true);
        accepted.close();
        assertThat(flags(second) & 04000).as("O_NONBLOCK").isZero();
        return second;
    }

    private static boolean isAccepted(int number, SocketChannel client) {
        try {
            Socket socket = new Socket(number);
            if (client.getLocalAddress() instanceof InetSocketAddress local) {
                return local.equals(socket.remoteAddress());
            }
            DomainSocketAddress remote = socket.remoteDomainSocketAddress();
            return remote != null
                    && remote.path().isEmpty()
                    && socket.localDomainSocketAddress()
                            .path()
                            .equals(((UnixDomainSocketAddress) client.getRemoteAddress())
                                    .getPath()
                                    .toString());
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static int find(Predicate<String> link) throws IOException {
        return find(link, number -> true);
    }

    /** The open descriptor of which both are true. */
    private static int find(Predicate<String> link, IntPredicate number) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                int candidate = Integer.parseInt(each.getFileName().toString());
                if (Files.isSymbolicLink(each)
                        && link.test(Files.readSymbolicLink(each).toString())
                        && number.test(candidate)) {
                    return candidate;
                }
            }
        }
        throw new IOException("no such descriptor");
    }

    private static int flags(int descriptor) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor))).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).trim(), 8))
                .findFirst()
                .orElseThrow();
    }
}
