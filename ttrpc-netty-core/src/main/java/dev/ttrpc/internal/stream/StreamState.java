package dev.ttrpc.internal.stream;

/**
 * Where one stream stands. Changed only on the event loop of its connection.
 *
 * <pre>
 *   OPEN ──local closes──▶ LOCAL_CLOSED ──remote closes──▶ CLOSED
 *     └───remote closes──▶ REMOTE_CLOSED ──local closes──────┘
 *   any ──end──▶ CLOSED
 * </pre>
 */
public enum StreamState {
    OPEN(true, true),
    LOCAL_CLOSED(false, true),
    REMOTE_CLOSED(true, false),
    CLOSED(false, false);

    private final boolean canSend;
    private final boolean canReceive;

    StreamState(boolean canSend, boolean canReceive) {
        this.canSend = canSend;
        this.canReceive = canReceive;
    }

    /** Whether this side may still send. */
    public boolean canSend() {
        return canSend;
    }

    /** Whether the other side may still send. */
    public boolean canReceive() {
        return canReceive;
    }

    /** This side has sent its last message. */
    public StreamState closeLocal() {
        return switch (this) {
            case OPEN -> LOCAL_CLOSED;
            case REMOTE_CLOSED -> CLOSED;
            case LOCAL_CLOSED, CLOSED -> throw new ProtocolViolation("already closed for sending");
        };
    }

    /** The other side has sent its last message. */
    public StreamState closeRemote() {
        return switch (this) {
            case OPEN -> REMOTE_CLOSED;
            case LOCAL_CLOSED -> CLOSED;
            case REMOTE_CLOSED, CLOSED -> throw new ProtocolViolation("already closed for receiving");
        };
    }

    /** The call has ended, however. */
    public StreamState end() {
        return CLOSED;
    }
}
