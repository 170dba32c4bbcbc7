package dev.ttrpc.verification.benchmarks.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is said on one connection, and what is expected there. For one thread. */
interface Traffic {
    /**
     * Frames that may be sent now, ready to be read, or null where answers have to come first. The buffer is used again: all of it must be sent
     * before the next call.
     */
    @Nullable
    ByteBuffer next();

    /** A frame has come. It is used again for the next one. */
    void received(ReceivedFrame frame) throws IOException;

    /** From now on nothing new is begun. */
    void stop();

    /** Whether all that was begun has been answered. */
    boolean isDone();

    /** What was counted: answers, or messages of a stream. */
    long count();

    /** Whether a thread that writes all that may be sent, before it reads, can never hold up its server. */
    boolean isSmall();
}
