package dev.ttrpc.internal.client;

import io.netty.buffer.ByteBuf;

/** Whoever waits for what a call brings. Called on the event loop. */
interface ResponseListener {
    /** The Request was written, so messages may follow. */
    default void opened() {}

    /** The one message of the answer, in a range of a buffer that is borrowed. Comes before {@link #ended}, and not for streams. */
    void answered(ByteBuf buffer, int index, int length);

    /** The call has ended: {@link ClientStream#end} says how. */
    void ended();
}
