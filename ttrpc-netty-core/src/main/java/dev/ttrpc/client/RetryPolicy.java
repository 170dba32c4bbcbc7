package dev.ttrpc.client;

import dev.ttrpc.StatusCode;
import java.time.Duration;
import java.util.Set;

/**
 * Whether a channel makes a call that failed once more, and after how long. It does so only where that cannot do the work twice:
 *
 * <ul>
 *   <li>a call of which nothing was sent, of any kind of method, whatever {@code codes} says;
 *   <li>a unary or server-streaming call that was sent, when its method is {@linkplain dev.ttrpc.MethodDescriptor#isIdempotent idempotent} or its
 *       {@linkplain CallOptions#withIdempotent options} say so, no message of the answer has come, and the status is one of {@code codes} and came
 *       from the server or from the loss of the connection.
 * </ul>
 *
 * <p>Never past the call's deadline, for which the first attempt counts: where the wait would end behind it the call fails at once with what the
 * last attempt failed with. Never after the call was cancelled. The wait occupies no thread.
 *
 * @param maxAttempts how often a call is tried altogether, at least 1, which is no retry
 * @param initialDelay the wait before the second attempt, more than zero
 * @param multiplier what each further failure multiplies the wait by, at least 1
 * @param maxDelay the longest wait
 * @param jitter the share of the wait by which chance shortens or lengthens it, 0 to 1
 * @param codes with which a call that was sent may be made again; neither OK nor CANCELLED nor DEADLINE_EXCEEDED
 */
public record RetryPolicy(
        int maxAttempts,
        Duration initialDelay,
        double multiplier,
        Duration maxDelay,
        double jitter,
        Set<StatusCode> codes) {
    /** No call is made again. */
    public static final RetryPolicy NONE = of(1);

    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("a call has at least one attempt: " + maxAttempts);
        }
        Backoff.check("retry", initialDelay, multiplier, maxDelay, jitter);
        codes = Set.copyOf(codes);
        if (codes.stream().anyMatch(RetryPolicy::isFinal)) {
            throw new IllegalArgumentException("these codes cannot all be retried: " + codes);
        }
    }

    private static boolean isFinal(StatusCode code) {
        return code == StatusCode.OK || code == StatusCode.CANCELLED || code == StatusCode.DEADLINE_EXCEEDED;
    }

    /** So many attempts, 100 ms apart, doubled up to 1 s, plus or minus 20 %, for UNAVAILABLE. */
    public static RetryPolicy of(int maxAttempts) {
        return new RetryPolicy(
                maxAttempts, Duration.ofMillis(100), 2.0, Duration.ofSeconds(1), 0.2, Set.of(StatusCode.UNAVAILABLE));
    }

    /**
     * The wait after {@code failures} failed attempts.
     *
     * @param failures 1 for the first
     * @param chance a number in [0, 1) that decides the jitter
     * @return nanoseconds
     */
    public long delayNanos(int failures, double chance) {
        return Backoff.delayNanos(failures, initialDelay, multiplier, maxDelay, jitter, chance);
    }
}
