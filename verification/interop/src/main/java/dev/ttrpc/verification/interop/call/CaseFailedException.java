package dev.ttrpc.verification.interop.call;

/** A server did something else than a case expects. The message says what. */
final class CaseFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CaseFailedException(String message) {
        super(message);
    }
}
