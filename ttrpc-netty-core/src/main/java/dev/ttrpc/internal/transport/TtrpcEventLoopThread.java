package dev.ttrpc.internal.transport;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread of one of our event loops. That a thread is one of these is how waiting calls know that they must not wait. */
public final class TtrpcEventLoopThread extends FastThreadLocalThread {

    private TtrpcEventLoopThread(Runnable loop, String name) {
        super(loop, name);
        setDaemon(true);
    }

    /** Makes threads with the names {@code ttrpc-TRANSPORT-1}, {@code -2} and so on. */
    static ThreadFactory factory(String transport) {
        AtomicInteger last = new AtomicInteger();
        return loop -> new TtrpcEventLoopThread(loop, "ttrpc-" + transport + "-" + last.incrementAndGet());
    }
}
