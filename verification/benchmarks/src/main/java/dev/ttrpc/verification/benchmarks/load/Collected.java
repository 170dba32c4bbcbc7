package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages a few at a time and gives a result at their end.
 *
 * @param <R> the result
 */
public final class Collected<R> implements Flow.Subscriber<LoadMessage> {
    private static final int AT_ONCE = 8;

    private final R outcome;
    private final Consumer<LoadMessage> take;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription; // set by the publisher, read by whoever cancels
    private int wanted;

    /** @param take gets each message; what it throws ends the subscription and is the result */
    public Collected(R outcome, Consumer<LoadMessage> take) {
        this.outcome = outcome;
        this.take = take;
    }

    /** Completes at the end, or fails as the stream does. */
    public CompletableFuture<R> result() {
        return result;
    }

    /** Cancels the subscription where there is one. Any thread. */
    public void cancel() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        wanted = AT_ONCE;
        subscription.request(AT_ONCE);
    }

    @Override
    public void onNext(LoadMessage message) {
        try {
            take.accept(message);
        } catch (RuntimeException e) {
            cancel();
            result.completeExceptionally(e);
            return;
        }
        Flow.Subscription current = subscription;
        if (--wanted == 0 && current != null) {
            wanted = AT_ONCE;
            current.request(AT_ONCE);
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        result.complete(outcome);
    }
}
