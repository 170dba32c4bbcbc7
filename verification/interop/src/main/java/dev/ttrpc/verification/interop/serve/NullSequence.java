package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;

/** What EchoNull and EchoNullStream expect: messages numbered from 0, all with one text. */
final class NullSequence {
    static final String TEXT = "non-empty empty";
    /** How many empty messages EchoNullStream answers each message with. */
    static final int ECHOES = 10;

    private int next;

    /** Refuses any other message than the next one with INVALID_ARGUMENT. */
    void expect(int seq, String msg) {
        if (seq != next || !msg.equals(TEXT)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("expected " + next + " \"" + TEXT + "\", got " + Integer.toUnsignedString(seq)
                            + " \"" + msg + "\"")
                    .asException();
        }
        next++;
    }
}
