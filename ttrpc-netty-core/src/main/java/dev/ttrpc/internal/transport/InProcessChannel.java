package dev.ttrpc.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection within the JVM. Netty's local channel hands everything over at once, however slow the reader; this one stops
 * when {@link #CREDIT} bytes are written and not yet read. What is not handed over stays in the outbound buffer, so writability, promises
 * and closing work as on a socket.
 */
final class InProcessChannel extends LocalChannel {

    private static final Logger logger = LoggerFactory.getLogger(InProcessChannel.class);

    /** Bytes on the way at which writing stops. A flush that begins below it is handed over whole. */
    static final long CREDIT = 1 << 20;

    /** Written by this end, not yet read by the other; changed by the event loops of both. */
    private final AtomicLong unread = new AtomicLong();

    /** Set once, before the connection is used, by the event loop of the client's end; read by both. */
    private volatile @Nullable InProcessChannel other;

    /** Set by this end's event loop, read by the other's. */
    private volatile boolean closed;

    /** The client's end. */
    InProcessChannel() {
        pipeline().addLast(new ReadCounter());
    }

    private InProcessChannel(Server parent, InProcessChannel client) {
        super(parent, client);
        other = client;
        client.other = this;
        pipeline().addLast(new ReadCounter());
    }

    /** Not by Netty's own state, which the other end sets to connected also where this end was closed meanwhile. */
    @Override
    public boolean isOpen() {
        return !closed && super.isOpen();
    }

    @Override
    public boolean isActive() {
        return !closed && super.isActive();
    }

    @Override
    protected void doClose() throws Exception {
        closed = true;
        InProcessChannel peer = other;
        boolean accepted = peer == null || peer.isRegistered();
        try {
            super.doClose();
        } catch (IllegalStateException e) {
            if (accepted) {
                throw e;
            }
            // all is done but to tell the other end, which has no event loop yet and will look for itself
            logger.debug("Closed before the other end was accepted", e);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        if (isActive()) {
            if (unread.get() >= CREDIT) {
                return; // the reader's end flushes again
            }
            unread.addAndGet(flushedBytes(out));
        }
        super.doWrite(out);
    }

    private static long flushedBytes(ChannelOutboundBuffer out) throws Exception {
        long[] bytes = new long[1];
        out.forEachFlushedMessage(message -> {
            bytes[0] += size(message);
            return true;
        });
        return bytes[0];
    }

    private static int size(Object message) {
        return message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
    }

    /** Called on the other end's event loop. */
    private void wasRead(int bytes) {
        long before = unread.getAndAdd(-bytes);
        if (before >= CREDIT && before - bytes < CREDIT) {
            try {
                eventLoop().execute(() -> unsafe().flush());
            } catch (RejectedExecutionException e) {
                logger.debug("The writing end's event loop has ended", e);
            }
        }
    }

    /** The listening end. */
    static final class Server extends LocalServerChannel {
        @Override
        protected LocalChannel newLocalChannel(LocalChannel client) {
            return new InProcessChannel(this, (InProcessChannel) client);
        }
    }

    /** Stands first in the pipeline and tells the writing end what has been read. */
    private final class ReadCounter extends ChannelInboundHandlerAdapter {
        /** Netty's channel closes the other end only where that is active already: one that becomes active later looks for itself. */
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            InProcessChannel peer = other;
            if (peer != null && peer.closed) {
                ctx.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            int bytes = size(message);
            ctx.fireChannelRead(message);
            InProcessChannel writer = other;
            if (writer != null && bytes > 0) {
                writer.wasRead(bytes);
            }
        }
    }
}
