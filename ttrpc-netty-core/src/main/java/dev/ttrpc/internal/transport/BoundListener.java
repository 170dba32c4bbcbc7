package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listening Netty channel, and what has to be given back when it ends. */
final class BoundListener implements Listener {

    private final TtrpcAddress address;
    private final Channel channel;
    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Takes ownership of the channel.
     *
     * @param release runs once, while the channel is still open where {@link #close} is called
     */
    BoundListener(TtrpcAddress address, Channel channel, Runnable release) {
        this.address = address;
        this.channel = channel;
        this.release = release;
        channel.closeFuture().addListener(end -> {
            release();
            completeAfterNextSelect();
        });
    }

    /** Java's sockets give up their port only when their selector runs again; a task that is scheduled runs after that. */
    private void completeAfterNextSelect() {
        try {
            channel.eventLoop()
                    .schedule(() -> {}, 0, TimeUnit.NANOSECONDS)
                    .addListener(doneOrCancelled -> closed.complete(null));
        } catch (RejectedExecutionException e) {
            closed.complete(null); // the loop has ended, and with it all its sockets
        }
    }

    /** Binds and waits. Throws the system's own exception; an interrupt gives up and is kept. */
    static Channel bind(ServerBootstrap bootstrap, SocketAddress local) throws IOException {
        ChannelFuture bound = bootstrap.bind(local);
        try {
            bound.await();
        } catch (InterruptedException e) {
            bound.addListener(late -> bound.channel().close());
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("Interrupted while starting to listen");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (bound.isSuccess()) {
            return bound.channel();
        }
        Throwable cause = bound.cause();
        throw cause instanceof IOException e ? e : new IOException(cause.toString(), cause);
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            release.run();
        }
    }

    @Override
    public TtrpcAddress address() {
        return address;
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public CompletionStage<Void> close() {
        release();
        channel.close();
        return closed();
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
