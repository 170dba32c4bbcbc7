package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.CallContext;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the Hang calls of a server. */
final class Hangs {
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    /** Begins the call being served. The result completes when it is cancelled or has lasted as long as asked; 0 asks for no limit. */
    CompletableFuture<Void> begin(HangRequest request) {
        started.incrementAndGet();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Objects.requireNonNull(CallContext.current(), "no call is being served on this thread")
                .onCancel(reason -> {
                    if (end.complete(null)) {
                        cancelled.incrementAndGet();
                    }
                });
        return request.getMaxMillis() > 0
                ? end.completeOnTimeout(null, request.getMaxMillis(), TimeUnit.MILLISECONDS)
                : end;
    }

    HangCountResponse count() {
        return HangCountResponse.newBuilder()
                .setStarted(started.get())
                .setCancelled(cancelled.get())
                .build();
    }
}
