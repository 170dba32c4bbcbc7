package dev.ttrpc.internal.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection may hold received and not yet taken. Filled on the connection's event loop, emptied by any thread. Above its limit, or above its share of what
 * {@linkplain SharedReceiveBudget all connections} may hold, the connection pauses reading; when it is below both again {@code resume} runs once, on the thread
 * that brought that about.
 */
public final class ReceiveBudget {
    private static final long CLOSED = -1;

    private final long limit;
    private final SharedReceiveBudget shared;
    private final Runnable overShare;
    private final Runnable resume;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong told = new AtomicLong(); // of what is held, to all connections' budget; CLOSED in the end
    private final AtomicBoolean paused = new AtomicBoolean(); // set by the event loop, cleared by whoever empties
    private volatile boolean spared; // set by the event loop, cleared by whoever tells of a share
    private volatile boolean moved; // set by whoever empties, cleared by the event loop's look
    private final Set<InboundQueue> holders =
            ConcurrentHashMap.newKeySet(); // left by whoever takes the last of an ended one

    /**
     * @param limit bytes, overhead of {@link InboundMessage#OVERHEAD} a message included
     * @param overShare runs when more is held than the share, which has become smaller: the event loop is to ask {@link #pauseIfOver} then. It must not wait
     */
    public ReceiveBudget(long limit, SharedReceiveBudget shared, Runnable overShare, Runnable resume) {
        this.limit = limit;
        this.shared = shared;
        this.overShare = overShare;
        this.resume = resume;
    }

    /** Counts bytes that arrived. */
    public void add(long bytes) {
        held.addAndGet(bytes);
        tell();
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
        held.addAndGet(-bytes);
        tell();
        resumeIfUnder();
    }

    /**
     * Asks whether reading must pause, and if so remembers to resume it. Event loop, after each frame.
     *
     * @return true where it must
     */
    public boolean pauseIfOver() {
        if (!isOver()) {
            return false;
        }
        paused.set(true);
        // whoever emptied it before it saw the flag would not resume: look again
        return isOver() || !paused.compareAndSet(true, false);
    }

    /** The share has become larger or smaller. Any thread. */
    void shareChanged() {
        if (!shared.share().isTight()) {
            spared = false;
        }
        if (!isOver()) {
            resumeIfUnder();
        } else if (!paused.get()) {
            overShare.run();
        }
    }

    private void resumeIfUnder() {
        if (paused.get() && !isOver() && paused.compareAndSet(true, false)) {
            resume.run();
        }
    }

    private boolean isOver() {
        SharedReceiveBudget.Share share = shared.share();
        return held.get() > Math.min(limit, spared ? share.spared() : share.any());
    }

    /** Of two threads that change what is held, the one that is the last to tell sees what both did: each changes it first and looks again after it has told. */
    private void tell() {
        while (true) {
            long was = told.get();
            long now = held.get() / SharedReceiveBudget.STEP * SharedReceiveBudget.STEP;
            if (was == now || was == CLOSED) {
                return;
            }
            if (told.compareAndSet(was, now)) {
                if (was == 0) {
                    join();
                }
                shared.change(was, now);
            }
        }
    }

    private void join() {
        shared.join(this);
        if (told.get() == CLOSED) { // it had left before it joined
            shared.leave(this);
        }
    }

    /** The connection is gone: what of it is not taken yet counts for nobody else any more. Any thread, any number of times. */
    public void close() {
        long was = told.getAndSet(CLOSED);
        shared.leave(this);
        if (was > 0) {
            shared.change(was, 0);
        }
    }

    public boolean isPaused() {
        return paused.get();
    }

    public long held() {
        return held.get();
    }

    /**
     * Goes on where the pause is the others' doing: no more is held than the limit and an equal part of what all may hold. Event loop, after a stall time-out of a pause.
     *
     * @return false where it is not
     */
    public boolean spare() {
        if (held.get() > Math.min(limit, shared.part())) {
            return false;
        }
        spared = true;
        resumeIfUnder();
        return true;
    }

    /** How much of what is held all connections wait for, in bytes; nothing where they need not wait. */
    public long surplus() {
        return shared.isTight() ? Math.max(0, held.get() - shared.part()) : 0;
    }

    /** The queues from which nothing was taken since the last look, the one that holds most first. Begins a new look. Event loop. */
    public List<Stalled> stalled() {
        List<Stalled> stalled = new ArrayList<>();
        for (Iterator<InboundQueue> queues = holders.iterator(); queues.hasNext(); ) {
            InboundQueue queue = queues.next();
            long bytes = queue.held();
            if (bytes == 0) {
                queues.remove();
            } else if (!queue.movedSinceLastLook()) {
                stalled.add(new Stalled(queue, bytes));
            }
        }
        stalled.sort(Comparator.comparingLong(Stalled::held).reversed());
        return stalled;
    }

    /** A queue from which nothing was taken, and the bytes it held when that was seen. */
    public record Stalled(InboundQueue queue, long held) {}

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
