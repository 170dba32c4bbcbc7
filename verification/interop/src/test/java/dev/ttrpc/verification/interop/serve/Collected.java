package dev.ttrpc.verification.interop.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** All messages of a publisher, which is asked for one at a time. */
final class Collected<T> implements Flow.Subscriber<T> {
    private final CompletableFuture<List<T>> all = new CompletableFuture<>();
    private final List<T> messages = new ArrayList<>();
    private Flow.Subscription subscription;

    static <T> CompletableFuture<List<T>> of(Flow.Publisher<T> publisher) {
        Collected<T> collected = new Collected<>();
        publisher.subscribe(collected);
        return collected.all;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(T message) {
        messages.add(message);
        subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        all.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        all.complete(messages);
    }
}
