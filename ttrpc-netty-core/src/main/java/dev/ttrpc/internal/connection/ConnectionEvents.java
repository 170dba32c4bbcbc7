package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.codec.FrameListener;
import org.jspecify.annotations.Nullable;

/** What one end of a connection is told of it, on its event loop. */
public interface ConnectionEvents extends FrameListener {
    /** The connection is there and nothing of it was read yet. */
    void onActive();

    /** Everything of one read was passed on: the moment to flush and to wake threads. */
    void onReadComplete();

    /** The connection is gone. Called once, after the last frame. */
    void onClosed(@Nullable Throwable cause);
}
