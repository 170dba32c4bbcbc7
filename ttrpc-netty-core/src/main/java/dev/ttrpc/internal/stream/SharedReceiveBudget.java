package dev.ttrpc.internal.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many connections together may hold received and not yet taken. Up to the limit it asks nothing of anybody; above it a connection that holds more than an
 * equal part of the limit pauses; above twice the limit each that holds anything. So together they hold at most twice the limit and, for each connection, what
 * it receives until it sees that: one message and one read buffer. Any thread.
 *
 * <p>All that the connections look at is the one number {@link #share()}: how much each of them may hold now. They tell what they hold in steps of {@link #STEP}
 * bytes, so that small messages change nothing here.
 *
 * <p><b>Why no pause is missed and no wake-up lost.</b> Every access below is volatile or atomic, so each step is seen by all in one order.
 * <ul>
 *   <li>The share is never left behind what is held: whoever changes what is held then compares the share with what it ought to be, and asks for a {@link
 *       #review()} where they differ. A review first clears {@code asked}, then writes the share, then compares once more. So of a change and a review at the same
 *       time, either the change's comparison sees the share that was written, or the review's second comparison sees the change.
 *   <li>Each connection learns of a share: a review writes it before it looks at what the connection holds, and whether it is paused; a connection counts what it
 *       has got, and marks its pause, before it looks at the share. One of the two sees the other. Connections join before they look at the share for the first time with something held.
 * </ul>
 *
 * <p><b>Why a pause always ends.</b> A connection pauses only while it holds more than its share, which is never less than nothing. It holds its pause's end in its own
 * hands: either its messages are taken, or the stall rule throws them away stream by stream, until it holds no more than its share. It never depends on what another one does.
 */
public final class SharedReceiveBudget {
    private static final Logger log = LoggerFactory.getLogger(SharedReceiveBudget.class);

    /** In steps of so many bytes a connection tells what it holds, rounded down. */
    static final int STEP = 4 << 10;

    private final long limit;
    private final Consumer<Runnable> later;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger holders = new AtomicInteger();
    private final Set<ReceiveBudget> members =
            ConcurrentHashMap.newKeySet(); // all that ever held a step and are not closed
    private final AtomicBoolean asked = new AtomicBoolean(); // whether a review is to come
    private volatile long share = Long.MAX_VALUE; // written by reviews, read by all

    /**
     * @param limit bytes
     * @param later runs a review soon, on another thread, one after the other
     */
    public SharedReceiveBudget(long limit, Consumer<Runnable> later) {
        if (limit < 1) {
            throw new IllegalArgumentException("the receive budget of all connections must be positive: " + limit);
        }
        this.limit = limit;
        this.later = later;
    }

    /** What each connection may hold now, in bytes. */
    long share() {
        return share;
    }

    /** Bytes held by all, in whole steps of each. */
    public long held() {
        return held.get();
    }

    /** How many connections hold at least one step. */
    int holders() {
        return holders.get();
    }

    /** How many connections are known. */
    int members() {
        return members.size();
    }

    /** A connection will hold something. */
    void join(ReceiveBudget member) {
        members.add(member);
    }

    /** A connection is gone, and tells nothing any more. */
    void leave(ReceiveBudget member) {
        members.remove(member);
    }

    /** A connection that held {@code was} bytes holds {@code now}. */
    void change(long was, long now) {
        held.addAndGet(now - was);
        if (was == 0) {
            holders.incrementAndGet();
        } else if (now == 0) {
            holders.decrementAndGet();
        }
        askIfChanged();
    }

    private void askIfChanged() {
        if (share != equalPart() && asked.compareAndSet(false, true)) {
            later.accept(this::review);
        }
    }

    private long equalPart() {
        long sum = held.get();
        if (sum <= limit) {
            return Long.MAX_VALUE;
        }
        return sum <= 2 * limit ? limit / Math.max(1, holders.get()) : 0;
    }

    private void review() {
        asked.set(false);
        long was = share;
        long now = equalPart();
        if (now != was) {
            share = now;
            members.forEach(this::tell);
            askIfChanged();
        }
    }

    private void tell(ReceiveBudget member) {
        try {
            member.shareChanged();
        } catch (RuntimeException e) {
            log.debug("A connection that is gone was not told what it may hold", e);
        }
    }
}
