package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The smallest protocol over a transport: what is sent comes back, as text. */
final class Lines {

    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Lines() {}

    static final Consumer<Channel> ECHO = channel -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    });

    static Listener echoServer(TransportResources resources, String address) throws IOException {
        return echoServer(resources, address, ListenOptions.DEFAULT);
    }

    static Listener echoServer(TransportResources resources, String address, ListenOptions options) throws IOException {
        return Transports.of(resources).listen(TtrpcAddress.parse(address), options, ECHO, () -> {});
    }

    /** Connects and waits. Throws the failure that the callback got. */
    static Client connect(TransportResources resources, TtrpcAddress address) throws Exception {
        return connect(resources, address, TIMEOUT_NANOS);
    }

    static Client connect(TransportResources resources, TtrpcAddress address, long timeoutNanos) throws Exception {
        Client client = new Client();
        Attempt attempt = new Attempt();
        Transports transports = Transports.of(resources);
        transports.connect(address, transports.nextEventLoop(address), timeoutNanos, client::initialize, attempt);
        client.channel = attempt.await();
        return client;
    }

    /** Collects the one call of a callback. */
    static final class Attempt implements ConnectCallback {
        private final CompletableFuture<Channel> end = new CompletableFuture<>();
        volatile Thread thread = Thread.currentThread();

        @Override
        public void connected(Channel channel) {
            end(() -> end.complete(channel));
        }

        @Override
        public void failed(Throwable cause) {
            end(() -> end.completeExceptionally(cause));
        }

        private void end(java.util.function.BooleanSupplier completion) {
            thread = Thread.currentThread();
            if (!completion.getAsBoolean()) {
                throw new AssertionError("The callback ran twice");
            }
        }

        Channel await() throws Exception {
            try {
                return end.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("The callback did not run", e);
            }
        }
    }

    /** A connection that keeps what it reads. */
    static final class Client implements AutoCloseable {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private Channel channel;

        private void initialize(Channel fresh) {
            fresh.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
                    received.add(message.toString(StandardCharsets.UTF_8));
                }
            });
        }

        Channel channel() {
            return channel;
        }

        String echo(String text) throws InterruptedException {
            channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                    .sync();
            StringBuilder answer = new StringBuilder();
            while (answer.length() < text.length()) {
                String part = received.poll(10, TimeUnit.SECONDS);
                if (part == null) {
                    throw new AssertionError("Only '" + answer + "' came back of '" + text + "'");
                }
                answer.append(part);
            }
            return answer.toString();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly();
        }
    }
}
