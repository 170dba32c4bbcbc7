package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.Peer;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportResources;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.BindException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InProcessTransportIT {

    private static final int MIB = 1 << 20;
    private static final int PIECE = 64 * 1024;

    private TransportResources resources;

    @BeforeEach
    void open() {
        resources = TransportResources.builder().eventLoopThreads(2).build();
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void serversOfOneJvmAreToldApartByTheirExactNames() throws Exception {
        Listener lower = Lines.echoServer(resources, "in-process:greeter");
        Listener upper = Lines.echoServer(resources, "in-process:Greeter");
        assertThat(lower.address()).isNotEqualTo(upper.address());
        lower.close();
        assertThatThrownBy(() -> Lines.connect(resources, lower.address())).isInstanceOf(ConnectException.class);
        try (Lines.Client client = Lines.connect(resources, upper.address())) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void serverIsFoundFromOtherResources() throws Exception {
        Listener listener = Lines.echoServer(resources, "in-process:elsewhere");
        try (TransportResources others = TransportResources.builder().build();
                Lines.Client client = Lines.connect(others, listener.address())) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void unknownNameIsSaidToBeUnknown() {
        assertThatThrownBy(() -> Lines.connect(resources, new TtrpcAddress.InProcess("nobody")))
                .isInstanceOf(ConnectException.class)
                .hasMessage(
                        "Cannot connect to in-process:nobody: no server of this JVM listens under that name, is it started?");
    }

    @Test
    void takenNameIsSaidToBeTaken() throws Exception {
        Listener listener = Lines.echoServer(resources, "in-process:one");
        assertThatThrownBy(() -> Lines.echoServer(resources, "in-process:one"))
                .isInstanceOf(BindException.class)
                .hasMessage(
                        "Cannot listen on in-process:one: another server of this JVM has that name, choose another one");
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    @Test
    void endOfTheResourcesGivesTheNameBack() throws Exception {
        try (TransportResources others = TransportResources.builder().build()) {
            Lines.echoServer(others, "in-process:short-lived");
        }
        Lines.echoServer(resources, "in-process:short-lived");
    }

    @Test
    void peerIsThisProcess() throws Exception {
        Listener listener = Lines.echoServer(resources, "in-process:self");
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            Peer peer = Transports.peer(client.channel());
            assertThat(peer.address()).isEqualTo("in-process:self");
            assertThat(peer.credentials().pid())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(peer.credentials().uid()).isNotNegative();
            assertThat(peer.credentials().gid()).isNotNegative();
        }
    }

    @Test
    void writerThatIsNotReadStopsAtItsCredit() throws Exception {
        Reader reader = new Reader();
        Channel writer = connectTo(reader, "in-process:slow");

        List<ChannelFuture> written = writePieces(writer, 8 * MIB);
        drain(writer);
        long accepted = written.stream().filter(ChannelFuture::isSuccess).count() * PIECE;
        assertThat(accepted).isEqualTo(InProcessChannel.CREDIT);
        assertThat(writer.isWritable()).isFalse();
        assertThat(reader.bytes).hasValue(0);

        reader.readAll();
        await().until(() -> reader.bytes.get() == 8 * MIB);
        for (ChannelFuture each : written) {
            each.sync();
        }
        drain(writer);
        assertThat(writer.isWritable()).isTrue();
        writer.close().sync();
    }

    @Test
    void bothEndsMayFloodEachOther() throws Exception {
        Reader server = new Reader();
        Reader client = new Reader();
        Listener listener = Transports.of(resources)
                .listen(new TtrpcAddress.InProcess("flood"), ListenOptions.DEFAULT, server::initialize, () -> {});
        Channel one = connect(listener.address(), client);
        await().until(() -> server.channel != null);
        writePieces(one, 16 * MIB);
        writePieces(server.channel, 16 * MIB);
        server.readAll();
        client.readAll();
        await().until(() -> server.bytes.get() == 16 * MIB && client.bytes.get() == 16 * MIB);
        one.close().sync();
    }

    @Test
    void whatIsWrittenArrivesInOrderAcrossManyStops() throws Exception {
        Listener listener = Lines.echoServer(resources, "in-process:order");
        String text = "0123456789".repeat(MIB / 2);
        try (Lines.Client client = Lines.connect(resources, listener.address())) {
            assertThat(client.echo(text)).isEqualTo(text);
        }
    }

    @Test
    void endThatGoesAwayFailsWhatItsWriterStillHolds() throws Exception {
        Reader reader = new Reader();
        Channel writer = connectTo(reader, "in-process:gone");
        List<ChannelFuture> written = writePieces(writer, 4 * MIB);
        drain(writer);
        reader.channel.close().sync();
        writer.closeFuture().await(10, TimeUnit.SECONDS);
        assertThat(writer.isOpen()).isFalse();
        drain(writer);
        assertThat(written).allSatisfy(each -> assertThat(each.isDone()).isTrue());
        assertThat(written.get(written.size() - 1).isSuccess()).isFalse();
    }

    private Channel connectTo(Reader reader, String address) throws Exception {
        Listener listener = Transports.of(resources)
                .listen(TtrpcAddress.parse(address), ListenOptions.DEFAULT, reader::initialize, () -> {});
        Channel channel = connect(listener.address(), new Reader());
        await().until(() -> reader.channel != null);
        return channel;
    }

    private Channel connect(TtrpcAddress address, Reader reader) throws Exception {
        Transports transports = Transports.of(resources);
        Lines.Attempt attempt = new Lines.Attempt();
        transports.connect(
                address, transports.nextEventLoop(address), Lines.TIMEOUT_NANOS, reader::initialize, attempt);
        return attempt.await();
    }

    private static List<ChannelFuture> writePieces(Channel channel, long bytes) {
        List<ChannelFuture> written = new ArrayList<>();
        for (long left = bytes; left > 0; left -= PIECE) {
            written.add(channel.writeAndFlush(channel.alloc().buffer(PIECE).writeZero(PIECE)));
        }
        return written;
    }

    /** Returns when the channel's loop has done what it was given so far. */
    private static void drain(Channel channel) throws Exception {
        channel.eventLoop().submit(() -> {}).sync();
    }

    /** Reads nothing until it is told to, and counts. */
    private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
        private final AtomicLong bytes = new AtomicLong();
        private volatile Channel channel;

        void initialize(Channel fresh) {
            fresh.config().setAutoRead(false);
            fresh.pipeline().addLast(this);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
            bytes.addAndGet(message.readableBytes());
        }

        void readAll() {
            channel.config().setAutoRead(true);
        }
    }
}
