package dev.ttrpc.verification.interop.serve;

import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Publishes messages from the first on to each subscriber, as fast as it asks, with a pause between each two where one is wanted. */
final class EmittedMessages<T> implements Flow.Publisher<T> {
    private final Supplier<? extends Iterator<? extends T>> messages;
    private final int pauseMillis;

    EmittedMessages(Supplier<? extends Iterator<? extends T>> messages, int pauseMillis) {
        this.messages = messages;
        this.pauseMillis = pauseMillis;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Emission emission = new Emission(messages.get(), subscriber);
        subscriber.onSubscribe(emission);
        emission.begin();
    }

    /** One subscriber's run through the messages. What changes does so in turns. */
    private final class Emission implements Flow.Subscription {
        private final Turns turns = new Turns();
        private final Iterator<? extends T> rest;
        private final Flow.Subscriber<? super T> subscriber;
        private long demand;
        private boolean pausing = true;
        private boolean ended;

        Emission(Iterator<? extends T> rest, Flow.Subscriber<? super T> subscriber) {
            this.rest = rest;
            this.subscriber = subscriber;
        }

        void begin() {
            turns.run(this::goOn);
        }

        @Override
        public void request(long n) {
            turns.run(() -> {
                if (n <= 0 && !ended) {
                    ended = true;
                    subscriber.onError(new IllegalArgumentException("demand must be positive: " + n));
                    return;
                }
                demand = Math.max(demand + n, n);
                emit();
            });
        }

        @Override
        public void cancel() {
            turns.run(() -> ended = true);
        }

        private void goOn() {
            pausing = false;
            emit();
        }

        private void emit() {
            while (!ended && !pausing) {
                if (!rest.hasNext()) {
                    ended = true;
                    subscriber.onComplete();
                } else if (demand == 0) {
                    return;
                } else {
                    demand--;
                    subscriber.onNext(rest.next());
                    pause();
                }
            }
        }

        private void pause() {
            if (pauseMillis > 0 && rest.hasNext()) {
                pausing = true;
                turns.runAfter(pauseMillis, this::goOn);
            }
        }
    }
}
