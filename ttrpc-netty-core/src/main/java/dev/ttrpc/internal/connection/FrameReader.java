package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.codec.FrameDecoder;
import dev.ttrpc.internal.logging.RareWarning;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a connection's pipeline: turns what is read into frames, and is the one place where reading stops. A pause takes hold at the end of the
 * frame under way, which is finished with reads of just its size.
 */
public final class FrameReader extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(FrameReader.class);
    private static final RareWarning FAILURES = new RareWarning(log);

    private static final int READ = 64 << 10;
    private static final int LARGE_READ = 256 << 10;

    /** Why reading is paused; each reason ends by itself. */
    public enum Pause {
        /** The receive budget is used up. */
        RECEIVE_BUDGET,
        /** Output waits for the peer to read. */
        OUTPUT_WAITS
    }

    private final FrameDecoder decoder;
    private final ConnectionEvents events;
    private @Nullable ChannelHandlerContext context;
    private int pauses;
    private @Nullable Throwable cause;

    public FrameReader(int maxMessage, ConnectionEvents events) {
        this.decoder = new FrameDecoder(maxMessage, events);
        this.events = events;
    }

    /** Pauses or goes on for one reason. Event loop. */
    public void pause(Pause reason, boolean paused) {
        int before = pauses;
        pauses = paused ? pauses | 1 << reason.ordinal() : pauses & ~(1 << reason.ordinal());
        if (context == null || (before == 0) == (pauses == 0)) {
            return;
        }
        context.channel().config().setAutoRead(pauses == 0);
        finishFrame();
    }

    public boolean isPaused() {
        return pauses != 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        context.channel().config().setRecvByteBufAllocator(new ReadSizes());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        events.onActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        try {
            decoder.decode(input, context.alloc());
        } finally {
            input.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        events.onReadComplete();
        finishFrame();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (cause == null) {
            cause = failure;
        }
        decoder.close(); // what follows has lost its beginning
        if (failure instanceof IOException) {
            log.debug("{}: {}", context.channel(), failure.toString());
        } else {
            FAILURES.warn(() -> context.channel() + ": closing the connection after a failure: " + failure);
            log.debug("{}: the failure", context.channel(), failure);
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        decoder.close();
        events.onClosed(cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        decoder.close();
    }

    private void finishFrame() {
        if (pauses != 0 && decoder.missing() > 0) {
            Objects.requireNonNull(context).read();
        }
    }

    private int nextRead() {
        int missing = decoder.missing();
        if (pauses != 0 && missing > 0) {
            return Math.min(missing, LARGE_READ);
        }
        return missing > READ ? Math.min(missing, LARGE_READ) : READ;
    }

    /** Read buffers of the size that {@link #nextRead} says, instead of one learned from the past. */
    @SuppressWarnings("deprecation") // the type that Netty's own allocator returns
    private final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
        @Override
        public RecvByteBufAllocator.Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public int guess() {
                    return nextRead();
                }
            };
        }
    }
}
