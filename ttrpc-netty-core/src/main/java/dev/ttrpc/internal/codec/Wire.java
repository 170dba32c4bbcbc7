package dev.ttrpc.internal.codec;

/**
 * The numbers of the protocol (PROTOCOL.md of containerd/ttrpc). A frame is ten bytes of header and a body:
 *
 * <pre>
 *   0        4         8     9      10
 *   | length | stream  | type | flags | body, length bytes
 *   (big-endian; the first byte of the length is always 0)
 * </pre>
 */
public final class Wire {
    public static final int HEADER_LENGTH = 10;

    public static final int REQUEST = 1;
    public static final int RESPONSE = 2;
    public static final int DATA = 3;

    /** The sender of this frame sends nothing more on the stream. */
    public static final int REMOTE_CLOSED = 0x01;
    /** The sender of this frame will send messages on the stream. */
    public static final int REMOTE_OPEN = 0x02;
    /** The body is not a message. */
    public static final int NO_DATA = 0x04;

    public static final int DEFAULT_MAX_MESSAGE = 4 << 20;
    public static final int LEAST_MAX_MESSAGE = 4 << 10;
    public static final int GREATEST_MAX_MESSAGE = (16 << 20) - 1;

    private Wire() {}

    /** The text of every refusal of a message that is too long, as Go words it. */
    public static String oversized(long length, int limit) {
        return "message length " + length + " exceed maximum message size of " + limit;
    }

    /**
     * Checks a configured message limit.
     *
     * @throws IllegalArgumentException outside 4 KiB to 16 MiB - 1
     */
    public static int checkMaxMessage(int bytes) {
        if (bytes < LEAST_MAX_MESSAGE || bytes > GREATEST_MAX_MESSAGE) {
            throw new IllegalArgumentException("the maximum message size must be from " + LEAST_MAX_MESSAGE + " to "
                    + GREATEST_MAX_MESSAGE + " bytes: " + bytes);
        }
        return bytes;
    }
}
