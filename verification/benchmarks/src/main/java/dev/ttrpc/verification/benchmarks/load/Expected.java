package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a call must come to. */
public final class Expected {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Expected() {}

    /** The result of a future, with the failure of its call thrown as a blocking call would. */
    public static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TtrpcException failure) {
                throw failure;
            }
            throw new AssertionError("a call failed with something else than a status", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a call did not end within " + PATIENCE, e);
        }
    }

    /** Something that ends with a status. */
    @FunctionalInterface
    public interface Failing {
        void run() throws InterruptedException;
    }

    /** Sees to it that a call ends with this status. */
    public static void failure(StatusCode code, Failing call) throws InterruptedException {
        try {
            call.run();
        } catch (TtrpcException e) {
            if (e.status().code() != code) {
                throw new AssertionError("expected " + code, e);
            }
            return;
        } catch (CancellationException e) {
            if (code != StatusCode.CANCELLED) {
                throw new AssertionError("expected " + code, e);
            }
            return;
        }
        throw new AssertionError("expected " + code + ", but the call ended well");
    }

    /** Lets a call pass whose own deadline was over. */
    static void deadline(TtrpcException failure) {
        if (failure.status().code() != StatusCode.DEADLINE_EXCEEDED) {
            throw failure;
        }
    }

    static void equal(long expected, long actual, String what) {
        if (expected != actual) {
            throw new AssertionError(what + ": expected " + expected + ", was " + actual);
        }
    }
}
