package dev.ttrpc.verification.interop.call;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for the futures of the async client as a blocking caller would. */
final class Awaiting {
    private Awaiting() {}

    /** The answer. An interrupt cancels the call and is kept. */
    static <T> T result(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new TtrpcException(Status.CANCELLED, TtrpcException.Origin.LIBRARY, e);
        } catch (CancellationException e) {
            throw new TtrpcException(Status.CANCELLED, TtrpcException.Origin.LIBRARY, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    /** A failure as it is thrown to the caller. */
    static RuntimeException failure(Throwable failure) {
        return failure instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException("a call failed with " + failure, failure);
    }
}
