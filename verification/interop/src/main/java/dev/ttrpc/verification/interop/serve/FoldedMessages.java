package dev.ttrpc.verification.interop.serve;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes one message at a time and answers after the last. What taking one throws is the answer. */
final class FoldedMessages<Q, P> implements Flow.Subscriber<Q> {
    private final CompletableFuture<P> answer = new CompletableFuture<>();
    private final Consumer<? super Q> take;
    private final Supplier<? extends P> result;
    private Flow.@Nullable Subscription requests;

    private FoldedMessages(Consumer<? super Q> take, Supplier<? extends P> result) {
        this.take = take;
        this.result = result;
    }

    static <Q, P> CompletableFuture<P> of(
            Flow.Publisher<Q> requests, Consumer<? super Q> take, Supplier<? extends P> result) {
        FoldedMessages<Q, P> folding = new FoldedMessages<>(take, result);
        requests.subscribe(folding);
        return folding.answer;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        requests = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(Q message) {
        Flow.Subscription source = requests;
        if (source == null) {
            throw new IllegalStateException("a message came before the subscription");
        }
        try {
            take.accept(message);
        } catch (RuntimeException e) {
            source.cancel();
            answer.completeExceptionally(e);
            return;
        }
        source.request(1);
    }

    @Override
    public void onComplete() {
        answer.complete(result.get());
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }
}
