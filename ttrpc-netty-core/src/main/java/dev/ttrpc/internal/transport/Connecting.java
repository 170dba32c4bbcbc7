package dev.ttrpc.internal.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** One attempt of possibly several under one promise. */
final class Connecting {

    private Connecting() {}

    /**
     * Connects once. Success completes the promise; a failure is left to the caller, unless the promise has ended before. Whatever is not
     * wanted any more is closed.
     */
    static void once(
            Bootstrap bootstrap, SocketAddress remote, Promise<Channel> promise, Consumer<Throwable> onFailure) {
        ChannelFuture attempt = bootstrap.connect(remote);
        FutureListener<Channel> abort = (Future<Channel> ended) -> {
            if (!ended.isSuccess()) {
                attempt.channel().close();
            }
        };
        promise.addListener(abort);
        attempt.addListener(done -> {
            promise.removeListener(abort);
            if (!done.isSuccess()) {
                if (!promise.isDone()) {
                    onFailure.accept(done.cause());
                }
            } else if (!promise.trySuccess(attempt.channel())) {
                attempt.channel().close();
            }
        });
    }
}
