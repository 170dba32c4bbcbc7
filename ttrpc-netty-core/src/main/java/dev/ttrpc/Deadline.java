package dev.ttrpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A point in time by which a call must have ended. It covers connecting, queueing, writing and waiting.
 *
 * <p>Arithmetic saturates: a duration beyond 2^62 nanoseconds (146 years) is that long.
 */
public final class Deadline implements Comparable<Deadline> {
    private static final long FAR = Long.MAX_VALUE / 2;

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The deadline that lies {@code duration} from now; negative durations lie in the past. */
    public static Deadline after(Duration duration) {
        return afterNanos(saturatedNanos(duration));
    }

    /** The deadline that lies {@code nanos} nanoseconds from now; negative numbers lie in the past. */
    public static Deadline afterNanos(long nanos) {
        return new Deadline(System.nanoTime() + Math.max(-FAR, Math.min(FAR, nanos)));
    }

    /** Nanoseconds until the deadline, negative once it has passed. */
    public long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    public boolean isExpired() {
        return remainingNanos() <= 0;
    }

    /** The earlier of two deadlines, where null is none. */
    public static @Nullable Deadline earlier(@Nullable Deadline a, @Nullable Deadline b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }

    @Override
    public int compareTo(Deadline other) {
        return Long.signum(nanoTime - other.nanoTime);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Deadline that && nanoTime == that.nanoTime;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(nanoTime);
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? -FAR : FAR;
        }
    }
}
