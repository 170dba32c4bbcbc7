package dev.ttrpc.client;

import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.Metadata;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one call wants of its own, over the defaults of its channel. Immutable. */
public final class CallOptions {
    /** Nothing of its own. */
    public static final CallOptions DEFAULT =
            new CallOptions(null, null, Metadata.EMPTY, null, false, null, null, null);

    /** What {@link #from} takes over from a call being served. */
    public enum Forward {
        /** The deadline of the served call. */
        DEADLINE,
        /** The end of the served call cancels this one. */
        CANCELLATION
    }

    public static final Forward DEADLINE = Forward.DEADLINE;
    public static final Forward CANCELLATION = Forward.CANCELLATION;

    private final @Nullable Deadline deadline;
    private final @Nullable Duration timeout;
    private final Metadata metadata;
    private final @Nullable Boolean waitForReady;
    private final boolean endInputOnCancel;
    private final @Nullable CallContext cancelWith;
    private final @Nullable RetryPolicy retry;
    private final @Nullable Boolean idempotent;

    private CallOptions(
            @Nullable Deadline deadline,
            @Nullable Duration timeout,
            Metadata metadata,
            @Nullable Boolean waitForReady,
            boolean endInputOnCancel,
            @Nullable CallContext cancelWith,
            @Nullable RetryPolicy retry,
            @Nullable Boolean idempotent) {
        this.deadline = deadline;
        this.timeout = timeout;
        this.metadata = metadata;
        this.waitForReady = waitForReady;
        this.endInputOnCancel = endInputOnCancel;
        this.cancelWith = cancelWith;
        this.retry = retry;
        this.idempotent = idempotent;
    }

    /** A deadline that lies {@code timeout} after the start of each call made with these options. */
    public static CallOptions deadline(Duration timeout) {
        return DEFAULT.withDeadline(timeout);
    }

    /** Metadata of one pair. */
    public static CallOptions metadata(String key, String value) {
        return DEFAULT.withMetadata(Metadata.of(key, value));
    }

    /**
     * Carries on what a call being served has brought: its deadline, its cancellation, and the metadata of the keys named. Nothing is
     * forwarded that is not named.
     */
    public static CallOptions from(CallContext context, Set<Forward> what, String... metadataKeys) {
        Metadata.Builder forwarded = Metadata.builder();
        for (String key : metadataKeys) {
            context.metadata().getAll(key).forEach(value -> forwarded.add(key, value));
        }
        return new CallOptions(
                what.contains(Forward.DEADLINE) ? context.deadline() : null,
                null,
                forwarded.build(),
                null,
                false,
                what.contains(Forward.CANCELLATION) ? context : null,
                null,
                null);
    }

    /** The same with one thing to carry on. */
    public static CallOptions from(CallContext context, Forward what, String... metadataKeys) {
        return from(context, EnumSet.of(what), metadataKeys);
    }

    /** The same with deadline and cancellation. */
    public static CallOptions from(CallContext context, Forward first, Forward second, String... metadataKeys) {
        return from(context, EnumSet.of(first, second), metadataKeys);
    }

    public CallOptions withDeadline(Duration timeout) {
        return new CallOptions(
                deadline,
                Objects.requireNonNull(timeout),
                metadata,
                waitForReady,
                endInputOnCancel,
                cancelWith,
                retry,
                idempotent);
    }

    public CallOptions withDeadline(Deadline deadline) {
        return new CallOptions(
                Objects.requireNonNull(deadline),
                timeout,
                metadata,
                waitForReady,
                endInputOnCancel,
                cancelWith,
                retry,
                idempotent);
    }

    /** Replaces the call's own metadata, which follows the channel's. */
    public CallOptions withMetadata(Metadata metadata) {
        return new CallOptions(
                deadline, timeout, metadata, waitForReady, endInputOnCancel, cancelWith, retry, idempotent);
    }

    /** Whether the call waits for a connection until its deadline instead of failing when one attempt fails. */
    public CallOptions withWaitForReady(boolean waitForReady) {
        return new CallOptions(
                deadline, timeout, metadata, waitForReady, endInputOnCancel, cancelWith, retry, idempotent);
    }

    /**
     * Whether giving up a bidirectional call ends its input, for handlers known to take that as a stop. Never at a deadline, which the peer
     * keeps itself. Off by default: the peer cannot tell it from a complete stream.
     */
    public CallOptions withEndInputOnCancel(boolean endInputOnCancel) {
        return new CallOptions(
                deadline, timeout, metadata, waitForReady, endInputOnCancel, cancelWith, retry, idempotent);
    }

    /** Replaces the channel's policy of retries, also by {@link RetryPolicy#NONE}. */
    public CallOptions withRetry(RetryPolicy retry) {
        return new CallOptions(
                deadline,
                timeout,
                metadata,
                waitForReady,
                endInputOnCancel,
                cancelWith,
                Objects.requireNonNull(retry),
                idempotent);
    }

    /** Says whether this call may be made twice without harm, whatever its {@linkplain dev.ttrpc.MethodDescriptor#isIdempotent method} says. */
    public CallOptions withIdempotent(boolean idempotent) {
        return new CallOptions(
                deadline, timeout, metadata, waitForReady, endInputOnCancel, cancelWith, retry, idempotent);
    }

    /** The deadline of a call that starts now: the earlier of the two kinds, or null. */
    public @Nullable Deadline deadlineFromNow() {
        return timeout == null ? deadline : Deadline.earlier(deadline, Deadline.after(timeout));
    }

    /** The call's own metadata. */
    public Metadata metadata() {
        return metadata;
    }

    /** Null where the channel decides. */
    public @Nullable Boolean waitForReady() {
        return waitForReady;
    }

    public boolean endInputOnCancel() {
        return endInputOnCancel;
    }

    /** Null where the channel decides. */
    public @Nullable RetryPolicy retry() {
        return retry;
    }

    /** Null where the method decides. */
    public @Nullable Boolean idempotent() {
        return idempotent;
    }

    /** The served call whose end cancels this one, or null. */
    public @Nullable CallContext cancelWith() {
        return cancelWith;
    }
}
