package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.logging.RareWarning;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a listener alive when accepting fails, as it does when the process is out of descriptors: it pauses for 1 ms, then for twice as
 * long each time up to 1 s, until a connection is accepted again.
 */
final class AcceptBackoff extends ChannelInboundHandlerAdapter {

    static final long FIRST_MILLIS = 1;
    static final long LONGEST_MILLIS = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(AcceptBackoff.class);

    private final TtrpcAddress address;
    private final Runnable failed;
    private final RareWarning warning = new RareWarning(logger);
    private long nextMillis = FIRST_MILLIS;

    /** @param failed runs at each failure, on the event loop */
    AcceptBackoff(TtrpcAddress address, Runnable failed) {
        this.address = address;
        this.failed = failed;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        nextMillis = FIRST_MILLIS;
        ctx.fireChannelRead(accepted);
    }

    /** Ends here: the handler behind this one would pause a whole second for each error. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!ctx.channel().config().isAutoRead()) {
            return;
        }
        failed.run();
        warning.warn(() -> "Accepting on " + address + " fails and is tried again: " + cause);
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), nextMillis, TimeUnit.MILLISECONDS);
        nextMillis = Math.min(LONGEST_MILLIS, nextMillis * 2);
    }
}
