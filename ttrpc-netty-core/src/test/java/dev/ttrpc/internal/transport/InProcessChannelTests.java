package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InProcessChannelTests {
    private final EventLoopGroup serverLoop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final EventLoopGroup clientLoop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    @AfterEach
    void endLoops() {
        serverLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        clientLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void anEndClosedBeforeTheOtherIsAcceptedStaysClosedAndClosesIt() throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listening = new ServerBootstrap()
                .group(serverLoop)
                .channelFactory(InProcessChannel.Server::new)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        accepted.complete(context.channel());
                    }
                })
                .bind(new LocalAddress(InProcessChannelTests.class))
                .sync()
                .channel();
        CountDownLatch closed = new CountDownLatch(1);
        serverLoop.execute(() -> awaitUninterruptibly(closed));
        Channel client = new Bootstrap()
                .group(clientLoop)
                .channelFactory(InProcessChannel::new)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(listening.localAddress())
                .channel();
        clientLoop.submit(() -> {}).sync(); // behind the connecting
        client.close().sync();
        closed.countDown();

        assertThat(accepted.get().closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.isOpen()).isFalse();
        assertThat(client.isActive()).isFalse();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
