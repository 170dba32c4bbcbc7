package dev.ttrpc.internal.stream;

/** A step that a stream's state does not allow, taken by this side's own code. */
public final class ProtocolViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String message) {
        super(message);
    }
}
