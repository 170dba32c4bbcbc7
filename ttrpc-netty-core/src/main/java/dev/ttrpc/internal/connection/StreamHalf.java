package dev.ttrpc.internal.connection;

import dev.ttrpc.Deadline;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.stream.SendBudget;
import org.jspecify.annotations.Nullable;

/** One call's half on this side, as its readers, writers and publishers see it. Any thread, unless said otherwise. */
public interface StreamHalf {
    LoopQueue queue();

    SendBudget sendBudget();

    /** The largest message, in bytes. */
    int maxMessage();

    @Nullable
    Deadline deadline();

    /** How the call ended, or null while it has not. */
    @Nullable
    Status ended();

    /** What a reader or writer throws that has itself failed the call with this status. */
    TtrpcException failure(Status status);

    /** What a reader or writer throws that finds the call ended with this status, or waited when it did. */
    default TtrpcException over(Status status) {
        return failure(status);
    }

    /** The id on the wire. Event loop, once the call is open. */
    int streamId();

    /** Where to write messages of this side, or null where the stream takes no more. Event loop. */
    @Nullable
    FrameWriter writerOrNull();

    /**
     * Where the stream takes nothing now but will, keeps a write until then or until the call has ended, when it runs once more. Event loop.
     *
     * @return false where the stream takes no more
     */
    default boolean defer(Runnable write) {
        return false;
    }

    /** Ends the call because of this side: a message that cannot be encoded or parsed, an interrupt, a deadline, a stall. */
    void fail(Status status);

    /** The same at once, before what this side has queued behind it. Event loop. */
    void failNow(Status status);

    /** A message is about to be encoded. */
    void sent(Object message);

    /** A message was parsed. */
    void received(Object message);

    /** The reader was closed before the end. */
    void readerClosed();
}
