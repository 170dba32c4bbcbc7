package dev.ttrpc.internal.client;

import dev.ttrpc.MethodType;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.RetryPolicy;

/** The attempts of one call, and whether another one may follow a failure. Pure; belongs to the channel's event loop. */
final class Attempts {
    /** The text by which a server that drains refuses a call it has not run. */
    private static final String DRAINING = "server is shutting down";

    private final MethodType type;
    private final RetryPolicy policy;
    private final boolean idempotent;
    private int made;
    private boolean retrying;
    private boolean resent;
    private boolean sent;
    private boolean answered;

    /** @param idempotent whether the server may run the call twice */
    Attempts(MethodType type, RetryPolicy policy, boolean idempotent) {
        this.type = type;
        this.policy = policy;
        this.idempotent = idempotent;
    }

    /** Another one begins; returns how many there are with it. */
    int begin() {
        return ++made;
    }

    /** The next one is due to the policy. */
    void beginRetry() {
        retrying = true;
    }

    boolean isRetry() {
        return retrying;
    }

    /** The Request was written. */
    void requestSent() {
        sent = true;
    }

    /** A message of the answer has come: the server runs the call. */
    void answerBegan() {
        answered = true;
    }

    /** Whether the server may have seen the call in one of the attempts. */
    boolean wasSent() {
        return sent;
    }

    /** Whether the server drains and has not run the call. */
    static boolean isRefusedByDraining(CallEnd failure) {
        return failure.origin() == TtrpcException.Origin.PEER
                && failure.status().code() == StatusCode.UNAVAILABLE
                && DRAINING.equals(failure.status().description());
    }

    /**
     * Whether a call that a draining server has refused is to be sent once more; true once.
     *
     * @param messageTaken whether a message was taken from the caller, which cannot be asked for again. To keep them all for a refusal that hardly ever comes would
     *     hold each message until the call ends
     */
    boolean resend(boolean messageTaken) {
        if (resent || answered || messageTaken) {
            return false;
        }
        resent = true;
        return true;
    }

    /**
     * How long to wait before another attempt.
     *
     * @param failure of the last one
     * @param chance a number in [0, 1) that decides the jitter
     * @return nanoseconds, or -1 where there is to be none
     */
    long delayNanos(CallEnd failure, double chance) {
        boolean allowed = failure.neverSent() || (idempotent && mayRepeat(failure));
        return allowed && made < policy.maxAttempts() ? policy.delayNanos(made, chance) : -1;
    }

    private boolean mayRepeat(CallEnd failure) {
        return !type.clientStreams()
                && !answered
                && (failure.lost() || failure.origin() == TtrpcException.Origin.PEER)
                && policy.codes().contains(failure.status().code());
    }
}
