package dev.ttrpc.internal.connection;

import dev.ttrpc.Deadline;
import dev.ttrpc.Marshaller;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.stream.SendBudget;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one stream: checks the size, reserves output, and hands the message to the event loop, which encodes it when it is small. For one thread
 * at a time.
 *
 * @param <T> the type of message
 */
public final class MessageSender<T> {
    private final StreamHalf half;
    private final Marshaller<T> marshaller;
    private volatile @Nullable Thread waiting; // the writer that waits for output, woken by whoever ends the call
    private volatile SendBudget.@Nullable Waiter waiter; // of the last published message, for whoever ends the call

    public MessageSender(StreamHalf half, Marshaller<T> marshaller) {
        this.half = half;
        this.marshaller = marshaller;
    }

    /**
     * Sends a message, waiting for output where there is none.
     *
     * @return false where the call had ended well and the message was dropped
     * @throws TtrpcException where the call ended badly, or the message is too large, which ends it
     */
    public boolean send(T message) {
        Status ended = half.ended();
        if (ended != null) {
            if (ended.isOk()) {
                return false;
            }
            throw half.over(ended);
        }
        half.sent(message);
        int size = checkedSize(message);
        try {
            reserveWaiting(half, Wire.HEADER_LENGTH + size, this);
        } catch (TtrpcException e) {
            Status now = half.ended();
            if (now != null && now.isOk()) {
                return false;
            }
            throw e;
        }
        hand(message, size);
        return true;
    }

    /**
     * Sends a message when there is output for it.
     *
     * @param next runs when it was handed over and the next may come; never where the call has ended
     * @throws RuntimeException what a hook or the marshaller threw when asked for the size; RESOURCE_EXHAUSTED, which has ended the call, where that is too large
     */
    public void send(T message, Runnable next) {
        if (half.ended() != null) {
            return;
        }
        half.sent(message);
        int size = checkedSize(message);
        int frame = Wire.HEADER_LENGTH + size;
        if (half.sendBudget().tryReserve(frame)) {
            hand(message, size);
            next.run();
            return;
        }
        SendBudget.Waiter mine = half.sendBudget().waiter(frame, () -> {
            hand(message, size);
            next.run(); // may come back here, with a waiter that takes the place of this one
        });
        waiter = mine; // before the end of the call is looked at, which is set before wake() looks at this
        if (half.ended() == null) {
            mine.join();
        }
    }

    /** Wakes a writer that waits, because the call has ended. */
    public void wake() {
        LockSupport.unpark(waiting);
        SendBudget.Waiter queued = waiter;
        if (queued != null) {
            queued.cancel();
        }
    }

    /**
     * Reserves output, waiting for it.
     *
     * @param sender whose {@link #wake} is to end the wait, or null
     */
    public static void reserveWaiting(StreamHalf half, long bytes, @Nullable MessageSender<?> sender) {
        SendBudget budget = half.sendBudget();
        if (budget.tryReserve(bytes)) {
            return;
        }
        Waits.checkMayWait();
        Thread thread = Thread.currentThread();
        AtomicBoolean granted = new AtomicBoolean();
        if (sender != null) {
            sender.waiting = thread;
        }
        SendBudget.Waiter waiter = budget.reserve(bytes, () -> {
            granted.set(true);
            LockSupport.unpark(thread);
        });
        boolean kept = false;
        try {
            while (!granted.get()) {
                Status ended = half.ended();
                Status stop = ended != null ? ended : reasonToGiveUp(half);
                if (stop != null) {
                    throw half.over(stop);
                }
                Waits.park(budget, half.deadline());
            }
            kept = true;
        } finally {
            if (!kept && !waiter.cancel()) {
                budget.release(bytes); // granted meanwhile
            }
            if (sender != null) {
                sender.waiting = null;
            }
        }
    }

    /**
     * Why a thread that waits on behalf of this call should give it up, or null: it was interrupted, or the deadline has passed before the event loop said so. Fails the
     * call then. That the call has ended is for the waiting thread to see, which knows what an end means to it.
     */
    public static @Nullable Status reasonToGiveUp(StreamHalf half) {
        if (Thread.currentThread().isInterrupted()) {
            Status interrupted = Status.CANCELLED.withDescription("interrupted");
            half.fail(interrupted);
            return interrupted;
        }
        Deadline deadline = half.deadline();
        if (deadline != null && deadline.isExpired()) {
            Status expired = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
            half.fail(expired);
            return expired;
        }
        return null;
    }

    private int checkedSize(T message) {
        int size = marshaller.size(message);
        if (size > half.maxMessage()) {
            Status tooLarge = Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(size, half.maxMessage()));
            half.fail(tooLarge);
            throw half.failure(tooLarge);
        }
        return size;
    }

    private void hand(T message, int size) {
        int frame = Wire.HEADER_LENGTH + size;
        if (frame <= FrameWriter.ENCODED_ON_LOOP) {
            half.queue().offer(() -> encode(message, size));
            return;
        }
        ByteBuf encoded =
                LargeFrames.encode(half, frame, out -> FrameEncoder.writeData(out, 0, marshaller, message, size));
        if (encoded != null) {
            half.queue().offer(() -> write(encoded, frame));
        }
    }

    private void encode(T message, int size) {
        int frame = Wire.HEADER_LENGTH + size;
        FrameWriter writer = half.writerOrNull();
        if (writer == null) {
            if (!half.defer(() -> encode(message, size))) {
                half.sendBudget().release(frame);
            }
            return;
        }
        ByteBuf out = writer.begin(frame);
        int start = out.writerIndex();
        try {
            FrameEncoder.writeData(out, half.streamId(), marshaller, message, size);
        } catch (IOException | RuntimeException | Error e) {
            writer.abort(start, frame);
            half.failNow(unencodable(e)); // or the good end that is queued behind the message would come first
        }
    }

    private void write(ByteBuf encoded, int frame) {
        FrameWriter writer = half.writerOrNull();
        if (writer == null) {
            if (!half.defer(() -> write(encoded, frame))) {
                encoded.release();
                half.sendBudget().release(frame);
            }
            return;
        }
        encoded.setInt(4, half.streamId());
        writer.write(encoded, frame);
    }

    /** The end of a call whose message cannot be encoded, in Go's words. */
    public static Status unencodable(Throwable failure) {
        return Status.INTERNAL
                .withDescription("ttrpc: error marshaling payload: " + failure.getMessage())
                .withCause(failure);
    }
}
