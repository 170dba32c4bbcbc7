package dev.ttrpc;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Turns messages of one type into bytes and back. Implementations are stateless and safe for any number of threads.
 *
 * @param <T> the type of message
 */
public interface Marshaller<T> {
    /** The size of the encoded message in bytes. */
    int size(T message);

    /**
     * Writes exactly {@link #size} bytes at the position of {@code target} and moves the position behind them.
     *
     * @throws IOException where the message cannot be encoded
     */
    void write(T message, ByteBuffer target) throws IOException;

    /**
     * Reads a message from all bytes between position and limit. The message must not refer to {@code source} afterwards.
     *
     * @throws IOException where the bytes are no such message
     */
    T parse(ByteBuffer source) throws IOException;
}
