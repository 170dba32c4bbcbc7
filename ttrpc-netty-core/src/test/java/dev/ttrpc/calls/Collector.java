package dev.ttrpc.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Gathers what a publisher publishes, asking for one at a time. */
final class Collector<T> implements Flow.Subscriber<T> {
    final List<T> received = new ArrayList<>();
    private final CompletableFuture<List<T>> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    static <T> List<T> collect(Flow.Publisher<T> publisher) throws Exception {
        Collector<T> collector = new Collector<>();
        publisher.subscribe(collector);
        return collector.await();
    }

    List<T> await() throws Exception {
        return done.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(T item) {
        received.add(item);
        subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(received);
    }
}
