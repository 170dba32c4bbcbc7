package dev.ttrpc.fuzz;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** An event loop without a thread and without a clock: it runs when it is told to, and its time goes on when it is told to. */
public final class HandLoop extends AbstractScheduledEventExecutor implements EventLoop {
    private static final int MOST_TASKS = 100_000;

    private final Thread thread = Thread.currentThread();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Time time = new Time();
    private boolean running;

    /** Runs what is waiting, and what is due. */
    public void run() {
        enter(() -> {});
    }

    /** Runs a task as the loop would, then what is waiting and due. */
    public void enter(Runnable first) {
        if (running) {
            throw new AssertionError("something waits on the event loop");
        }
        running = true;
        try {
            first.run();
            int left = MOST_TASKS;
            for (Runnable task = poll(); task != null; task = poll()) {
                task.run();
                Rules.check(--left > 0, "the event loop never comes to rest");
            }
        } finally {
            running = false;
        }
    }

    private Runnable poll() {
        Runnable due = pollScheduledTask();
        return due != null ? due : tasks.poll();
    }

    /** Whether it is at work, so that nothing may wait. */
    public boolean isRunning() {
        return running;
    }

    public void advance(long millis) {
        time.now += TimeUnit.MILLISECONDS.toNanos(millis);
        run();
    }

    /** Whether nothing is waiting, and nothing will ever be due. */
    public boolean isIdle() {
        return tasks.isEmpty() && !hasScheduledTasks();
    }

    @Override
    public Ticker ticker() {
        return time;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop(Thread asked) {
        return running && asked == thread;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public EventLoopGroup parent() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return newSucceededFuture(null);
    }

    @Override
    public Future<?> terminationFuture() {
        throw new UnsupportedOperationException();
    }

    private static final class Time implements Ticker {
        private long now;

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }
}
