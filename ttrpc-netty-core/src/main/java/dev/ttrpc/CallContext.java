package dev.ttrpc;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a handler can know of the call it serves. {@link #current()} holds while the handler's method runs; {@link #wrap} carries it to
 * other threads. Safe for any thread.
 */
public abstract class CallContext {
    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    /** For the library. */
    protected CallContext() {}

    /** The call that this thread serves, or null. */
    public static @Nullable CallContext current() {
        return CURRENT.get();
    }

    public abstract MethodDescriptor<?, ?> method();

    public abstract Metadata metadata();

    /** When the call must have ended, or null. */
    public abstract @Nullable Deadline deadline();

    public abstract Peer peer();

    public abstract Attributes attributes();

    /** True once the call's end does not depend on the handler any more: deadline, connection lost, server stopping, refused. */
    public abstract boolean isCancelled();

    /** Has {@code listener} called once with the reason when the call is cancelled, at once where it is; never when it ends otherwise. */
    public abstract void onCancel(Consumer<? super Status> listener);

    /** Whether the server has begun to drain: running calls may finish, new ones are refused. */
    public abstract boolean isDraining();

    /**
     * Has {@code listener} called once when a drain begins, at once where it has begun: the place to end an endless stream well. It runs on the
     * thread that drains and must not wait.
     */
    public abstract void onDrain(Runnable listener);

    /** A task that runs with this call as the {@linkplain #current() current} one. */
    public final Runnable wrap(Runnable task) {
        return () -> {
            CallContext previous = attach();
            try {
                task.run();
            } finally {
                detach(previous);
            }
        };
    }

    /** Makes this the current call of the thread and returns the one before, for {@link #detach}. */
    protected final @Nullable CallContext attach() {
        CallContext previous = CURRENT.get();
        CURRENT.set(this);
        return previous;
    }

    /** Undoes {@link #attach}. */
    protected static void detach(@Nullable CallContext previous) {
        if (previous == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(previous);
        }
    }
}
