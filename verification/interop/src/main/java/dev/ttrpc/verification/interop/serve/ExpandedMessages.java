package dev.ttrpc.verification.interop.serve;

import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes some messages for each one it is sent, in order. Takes the next one when all for the one before were asked for. */
final class ExpandedMessages<Q, P> implements Flow.Publisher<P> {
    private final Flow.Publisher<Q> requests;
    private final Function<? super Q, ? extends Iterator<? extends P>> expansion;

    /** What the expansion throws ends the stream. */
    ExpandedMessages(Flow.Publisher<Q> requests, Function<? super Q, ? extends Iterator<? extends P>> expansion) {
        this.requests = requests;
        this.expansion = expansion;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super P> subscriber) {
        Expansion running = new Expansion(subscriber);
        subscriber.onSubscribe(running);
        requests.subscribe(running);
    }

    /** Stands between both sides. What changes does so in turns. */
    private final class Expansion implements Flow.Subscriber<Q>, Flow.Subscription {
        private final Turns turns = new Turns();
        private final Flow.Subscriber<? super P> subscriber;
        private Flow.@Nullable Subscription input;
        private Iterator<? extends P> rest = Collections.emptyIterator();
        private long demand;
        private boolean messageAskedFor;
        private boolean inputEnded;
        private boolean ended;

        Expansion(Flow.Subscriber<? super P> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            turns.run(() -> {
                input = subscription;
                if (ended) {
                    subscription.cancel();
                } else {
                    emit();
                }
            });
        }

        @Override
        public void request(long n) {
            turns.run(() -> {
                if (n <= 0) {
                    fail(new IllegalArgumentException("demand must be positive: " + n));
                    return;
                }
                demand = Math.max(demand + n, n);
                emit();
            });
        }

        @Override
        public void onNext(Q message) {
            turns.run(() -> {
                messageAskedFor = false;
                if (ended) {
                    return;
                }
                try {
                    rest = expansion.apply(message);
                } catch (RuntimeException e) {
                    fail(e);
                    return;
                }
                emit();
            });
        }

        private void emit() {
            while (!ended && demand > 0 && rest.hasNext()) {
                demand--;
                subscriber.onNext(rest.next());
            }
            if (ended || rest.hasNext()) {
                return;
            }
            if (inputEnded) {
                ended = true;
                subscriber.onComplete();
            } else if (input != null && demand > 0 && !messageAskedFor) {
                messageAskedFor = true;
                input.request(1);
            }
        }

        @Override
        public void onComplete() {
            turns.run(() -> {
                inputEnded = true;
                emit();
            });
        }

        @Override
        public void onError(Throwable failure) {
            turns.run(() -> {
                inputEnded = true;
                fail(failure);
            });
        }

        @Override
        public void cancel() {
            turns.run(() -> {
                ended = true;
                cancelInput();
            });
        }

        private void fail(Throwable failure) {
            if (!ended) {
                ended = true;
                cancelInput();
                subscriber.onError(failure);
            }
        }

        private void cancelInput() {
            if (input != null && !inputEnded) {
                input.cancel();
            }
        }
    }
}
