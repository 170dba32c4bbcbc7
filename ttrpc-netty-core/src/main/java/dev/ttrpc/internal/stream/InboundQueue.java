package dev.ttrpc.internal.stream;

import dev.ttrpc.Status;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one stream between the event loop, which fills it, and its one consumer. The end stands behind what was received, unless the unread is
 * discarded.
 */
public final class InboundQueue {
    private static final Runnable NOBODY = () -> {};

    private final ReceiveBudget budget;
    private final ConcurrentLinkedQueue<InboundMessage> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private volatile @Nullable Status end; // written by the event loop, read by the consumer
    private volatile boolean discarding; // set by event loop or consumer, seen by both
    private volatile boolean moved; // set by the consumer, cleared by the event loop's look
    private volatile Runnable signal = NOBODY; // set by the consumer before it waits, called by the event loop
    private volatile Runnable stalled = NOBODY; // set when the stream is made, called by the event loop

    public InboundQueue(ReceiveBudget budget) {
        this.budget = budget;
    }

    /** What to call after each message and at the end. It must not wait. The consumer looks into the queue once more after it has set this. */
    public void onSignal(Runnable signal) {
        this.signal = signal;
    }

    /** What to call on the event loop when this queue holds up its connection. */
    public void onStall(Runnable stalled) {
        this.stalled = stalled;
    }

    /** Takes over a message. Event loop. After the end or a discard it is dropped. */
    public void add(InboundMessage message) {
        if (end != null || discarding) {
            message.release();
            return;
        }
        if (held.getAndAdd(message.weight()) == 0) {
            budget.hold(this);
        }
        budget.add(message.weight());
        messages.add(message);
        if (discarding) {
            clear();
        }
        signal.run();
    }

    /** Puts the end behind what was received. Event loop. The first end wins. */
    public void end(Status status) {
        if (end == null) {
            end = status;
            forgetIfDrained();
            signal.run();
        }
    }

    /** Ends and throws away what nobody has taken. Event loop; also where the queue had ended before, whose unread is lost then. */
    public void endNow(Status status) {
        if (end == null || !messages.isEmpty()) {
            end = status;
            clear();
            signal.run();
        }
    }

    /** Throws away what is there and what comes. Any thread. */
    public void discard() {
        discarding = true;
        clear();
    }

    /** The next message, or null where there is none now. The caller owns it. Consumer. */
    public @Nullable InboundMessage poll() {
        InboundMessage message = messages.poll();
        if (message != null) {
            moved = true;
            if (held.addAndGet(-message.weight()) == 0) {
                forgetIfDrained();
            }
            budget.take(message.weight());
        }
        return message;
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /** How the stream ended, or null while it has not. It holds once {@link #isEmpty} after this was read. */
    public @Nullable Status end() {
        return end;
    }

    /** Bytes held. */
    public long held() {
        return held.get();
    }

    /** Fails the stream because it holds up its connection. Event loop. */
    public void stall() {
        stalled.run();
    }

    boolean movedSinceLastLook() {
        boolean was = moved;
        moved = false;
        return was;
    }

    private void clear() {
        for (InboundMessage message = poll(); message != null; message = poll()) {
            message.release();
        }
        forgetIfDrained();
    }

    /** The end is set before this looks at what is held, and what is held is lowered before it looks at the end: one of the two sees both. */
    private void forgetIfDrained() {
        if ((end != null || discarding) && held.get() == 0) {
            budget.forget(this);
        }
    }
}
