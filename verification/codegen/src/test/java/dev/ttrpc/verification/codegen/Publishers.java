package dev.ttrpc.verification.codegen;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Small publishers and subscribers for one thread at a time. */
final class Publishers {
    private Publishers() {}

    /** Publishes the items to each subscriber, as they are asked for. */
    @SafeVarargs
    static <T> Flow.Publisher<T> of(T... items) {
        return subscriber -> subscriber.onSubscribe(new Items<>(List.of(items).iterator(), subscriber));
    }

    /** Subscribes, and completes with all that was published. */
    static <T> CompletableFuture<List<T>> collect(Flow.Publisher<? extends T> publisher) {
        CompletableFuture<List<T>> all = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<T>() {
            private final List<T> items = new ArrayList<>();

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(T item) {
                items.add(item);
            }

            @Override
            public void onError(Throwable failure) {
                all.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                all.complete(items);
            }
        });
        return all;
    }

    private static final class Items<T> implements Flow.Subscription {
        private final Iterator<T> items;
        private final Flow.Subscriber<? super T> subscriber;
        private long demand;
        private boolean publishing;
        private boolean ended;

        Items(Iterator<T> items, Flow.Subscriber<? super T> subscriber) {
            this.items = items;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            if (publishing) {
                return;
            }
            publishing = true;
            while (!ended && demand > 0 && items.hasNext()) {
                demand--;
                subscriber.onNext(items.next());
            }
            if (!ended && !items.hasNext()) {
                ended = true;
                subscriber.onComplete();
            }
            publishing = false;
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
