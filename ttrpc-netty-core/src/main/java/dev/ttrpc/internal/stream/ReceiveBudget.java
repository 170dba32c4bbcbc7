package dev.ttrpc.internal.stream;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one connection may hold received and not yet taken. Filled on the connection's event loop, emptied by any thread. Above the limit the connection
 * pauses reading; when it is below again {@code resume} runs once, on the thread that emptied it.
 */
public final class ReceiveBudget {
    private final long limit;
    private final Runnable resume;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean paused = new AtomicBoolean(); // set by the event loop, cleared by whoever empties
    private volatile boolean moved; // set by whoever empties, cleared by the event loop's look
    private final Set<InboundQueue> holders =
            ConcurrentHashMap.newKeySet(); // left by whoever takes the last of an ended one

    /** @param limit bytes, overhead of {@link InboundMessage#OVERHEAD} a message included */
    public ReceiveBudget(long limit, Runnable resume) {
        this.limit = limit;
        this.resume = resume;
    }

    /** Counts bytes that arrived. */
    public void add(long bytes) {
        held.addAndGet(bytes);
    }

    /** A queue begins to hold something. */
    void hold(InboundQueue queue) {
        holders.add(queue);
    }

    /** A queue holds nothing and never will. Any thread. */
    void forget(InboundQueue queue) {
        holders.remove(queue);
    }

    /** How many queues are known. */
    int holders() {
        return holders.size();
    }

    /** Counts bytes that were taken. Any thread. */
    public void take(long bytes) {
        moved = true;
        if (held.addAndGet(-bytes) <= limit && paused.get() && paused.compareAndSet(true, false)) {
            resume.run();
        }
    }

    /**
     * Asks whether reading must pause, and if so remembers to resume it.
     *
     * @return true where it must
     */
    public boolean pauseIfOver() {
        if (held.get() <= limit) {
            return false;
        }
        paused.set(true);
        // whoever emptied it before it saw the flag would not resume: look again
        return held.get() > limit || !paused.compareAndSet(true, false);
    }

    public boolean isPaused() {
        return paused.get();
    }

    public long held() {
        return held.get();
    }

    /**
     * The queue that holds most of those from which nothing was taken since the last look, or null. Begins a new look. Event loop.
     */
    public @Nullable InboundQueue mostStalled() {
        InboundQueue most = null;
        for (Iterator<InboundQueue> queues = holders.iterator(); queues.hasNext(); ) {
            InboundQueue queue = queues.next();
            if (queue.held() == 0) {
                queues.remove();
            } else if (!queue.movedSinceLastLook() && (most == null || queue.held() > most.held())) {
                most = queue;
            }
        }
        return most;
    }

    /** Whether anything was taken since this was asked, or a pause began. Event loop. */
    public boolean movedSinceLastLook() {
        boolean was = moved;
        moved = false;
        return was;
    }

    /** Begins the first look of a pause. Event loop. */
    public void beginLook() {
        moved = false;
        holders.removeIf(queue -> queue.held() == 0);
        holders.forEach(InboundQueue::movedSinceLastLook);
    }
}
