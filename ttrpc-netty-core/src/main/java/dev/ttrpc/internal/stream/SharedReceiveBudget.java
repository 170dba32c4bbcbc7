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
 * What many connections together may hold received and not yet taken. Any thread.
 *
 * <pre>
 *   together they hold       a connection pauses that holds
 *   up to the limit          (none does)
 *   up to twice the limit    more than an equal part of the limit
 *   up to three times        anything; one that holds no more than its part, for one stall time-out only
 *   more                     anything
 * </pre>
 *
 * So together they hold at most three times the limit and, for each connection, one message and one read buffer. Whoever holds no more than its part loses none of
 * it: the streams that fail are those of connections that hold more, which above twice the limit fail as many at once as brings each down to its part (see {@link
 * ReceiveBudget#surplus}). After one stall time-out the others therefore wait only for messages that are being taken.
 *
 * <p>All that the connections look at is {@link #share()}: how much each of them may hold now. They tell what they hold in steps of {@link #STEP} bytes, so that
 * small messages change nothing here. Whoever tells sees its effect at once: so no sender is quicker than its own pause.
 *
 * <p><b>Why no pause is missed and no wake-up lost.</b> Every access below is volatile or atomic, so each step is seen by all in one order.
 * <ul>
 *   <li>The share is never left behind what is held: whoever changes what is held, or writes a share, then compares the share with what it ought to be, and writes
 *       it where they differ. So the last to write has compared after that.
 *   <li>Whoever writes a share then asks for a {@link #review()}, which clears {@code asked} before it tells all connections. So of each share that anybody may have
 *       looked at and that holds no more, a review begins after the next one was written.
 *   <li>Each connection learns of a share: it is written before the review looks at what the connection holds, and whether it is paused; a connection counts what it
 *       has got, and marks its pause, before it looks at the share. One of the two sees the other. Connections join before they look at the share for the first time with something held.
 * </ul>
 *
 * <p><b>Why a pause always ends.</b> A connection that holds more than its part holds its pause's end in its own hands: either its messages are taken, or the stall
 * rule throws them away stream by stream. One that holds no more goes on after a stall time-out; above three times the limit it waits for those that hold
 * more, which are paused then and hold twice the limit, so that their pauses end in the way just said.
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
    private volatile Share share = Share.ALL; // written by whoever tells, read by all

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

    /**
     * What each connection may hold now, in bytes.
     *
     * @param any whatever it holds
     * @param spared where it has waited for others, and holds no more than its part
     */
    record Share(long any, long spared) {
        static final Share ALL = new Share(Long.MAX_VALUE, Long.MAX_VALUE);

        boolean isTight() {
            return any == 0;
        }
    }

    Share share() {
        return share;
    }

    /** An equal part of the limit, or everything up to the limit. */
    long part() {
        return held.get() <= limit ? Long.MAX_VALUE : limit / Math.max(1, holders.get());
    }

    /** Whether together they hold so much that all wait for those that hold more than their part. */
    boolean isTight() {
        return held.get() > 2 * limit;
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
        while (hasChangedShare()) {
            if (asked.compareAndSet(false, true)) {
                later.accept(this::review);
            }
        }
    }

    private boolean hasChangedShare() {
        Share was = share;
        long part = part();
        long sum = held.get();
        long any = sum <= 2 * limit ? part : 0;
        long spared = sum <= 3 * limit ? part : 0;
        if (was.any == any && was.spared == spared) {
            return false;
        }
        share = new Share(any, spared);
        return true;
    }

    private void review() {
        asked.set(false);
        members.forEach(this::tell);
    }

    private void tell(ReceiveBudget member) {
        try {
            member.shareChanged();
        } catch (RuntimeException e) {
            log.debug("A connection that is gone was not told what it may hold", e);
        }
    }
}
