package dev.ttrpc.internal.codec;

/** An envelope is not what it should be. A value that peers can cause at will, so it has no stack trace. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message, null, false, false);
    }
}
