package dev.ttrpc.calls;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A scripted server whose every write is one read of the client, which no socket promises. It is reached by {@link #ADDRESS} with its own {@link #resources}.
 */
final class LocalPeer implements AutoCloseable {
    static final TtrpcAddress ADDRESS = new TtrpcAddress.Custom("pieces", "peer");

    final TransportResources resources =
            TransportResources.builder().provider(new Pieces()).build();
    private final LocalAddress address = new LocalAddress(LocalPeer.class);
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>(); // also those that were taken

    LocalPeer() throws InterruptedException {
        new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Connection connection = new Connection(channel);
                        channel.pipeline().addLast(connection);
                        accepted.add(connection);
                        connections.add(connection);
                    }
                })
                .bind(address)
                .sync();
    }

    /** The next connection of a client. */
    Connection accept() throws InterruptedException {
        return Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "no connection");
    }

    /** To be called when the clients are closed. Their channels end while both sides' loops still run. */
    @Override
    public void close() {
        connections.forEach(connection -> connection.channel.close().syncUninterruptibly());
        resources.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Gathers the frames of the client. */
    static final class Connection extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
        private final BlockingQueue<RawClient.Frame> frames = new LinkedBlockingQueue<>();

        private Connection(Channel channel) {
            this.channel = channel;
        }

        /** The next frame of the client. */
        RawClient.Frame read() throws InterruptedException {
            return Objects.requireNonNull(frames.poll(10, TimeUnit.SECONDS), "no frame");
        }

        /** Bytes that the client gets in one read of their own. */
        void write(byte[] bytes, int from, int to) {
            if (from < to) {
                channel.writeAndFlush(Unpooled.copiedBuffer(bytes, from, to - from));
            }
        }

        void disconnect() {
            channel.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            ByteBuf bytes = (ByteBuf) message;
            bytes.readBytes(begun, bytes.readableBytes());
            bytes.release();
            byte[] all = begun.toByteArray();
            int at = 0;
            while (all.length - at >= 10
                    && all.length - at >= 10 + ByteBuffer.wrap(all).getInt(at)) {
                ByteBuffer header = ByteBuffer.wrap(all, at, 10);
                int length = header.getInt();
                frames.add(new RawClient.Frame(
                        header.getInt(),
                        header.get(),
                        header.get(),
                        Arrays.copyOfRange(all, at + 10, at + 10 + length)));
                at += 10 + length;
            }
            begun.reset();
            begun.write(all, at, all.length - at);
        }
    }

    /** Netty's local channel as it is. */
    private final class Pieces implements TransportProvider {
        @Override
        public String name() {
            return "pieces";
        }

        @Override
        public boolean supports(TtrpcAddress asked) {
            return asked.equals(ADDRESS);
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return LocalIoHandler.newFactory();
        }

        @Override
        public void connect(TtrpcAddress asked, Bootstrap bootstrap, Promise<Channel> promise) {
            bootstrap.channel(LocalChannel.class).connect(address).addListener(done -> {
                if (done.isSuccess()) {
                    promise.setSuccess(((ChannelFuture) done).channel());
                } else {
                    promise.setFailure(done.cause());
                }
            });
        }

        @Override
        public Listener listen(TtrpcAddress asked, ListenOptions options, ServerBootstrap bootstrap) {
            throw new UnsupportedOperationException("clients only");
        }
    }
}
