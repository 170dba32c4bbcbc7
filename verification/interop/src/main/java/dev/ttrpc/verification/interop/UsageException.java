package dev.ttrpc.verification.interop;

/** The command line is wrong. The message says what to change. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
