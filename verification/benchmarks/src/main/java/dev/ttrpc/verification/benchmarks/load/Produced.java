package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Publishes messages, each made when it is asked for. Every subscriber gets them all.
 *
 * @param <M> the messages
 */
public final class Produced<M> implements Flow.Publisher<M> {
    private final int count;
    private final IntFunction<M> message;

    /** @param message gives the message of a number from 0 on */
    public Produced(int count, IntFunction<M> message) {
        this.count = count;
        this.message = message;
    }

    /** LoadMessages with rising numbers. */
    public static Produced<LoadMessage> numbered(long first, int count, int size) {
        return new Produced<>(count, i -> Payloads.message(first + i, size));
    }

    @Override
    public void subscribe(Flow.Subscriber<? super M> subscriber) {
        new Messages(subscriber).begin();
    }

    private final class Messages implements Flow.Subscription {
        private final Flow.Subscriber<? super M> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private int sent; // of whoever raised the demand from 0
        private volatile boolean ended;

        Messages(Flow.Subscriber<? super M> subscriber) {
            this.subscriber = subscriber;
        }

        void begin() {
            subscriber.onSubscribe(this);
            if (count == 0 && !ended) {
                ended = true;
                subscriber.onComplete();
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                ended = true;
                subscriber.onError(new IllegalArgumentException("demand must be positive: " + n));
                return;
            }
            if (count > 0 && demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n) == 0) {
                send();
            }
        }

        private void send() {
            do {
                if (ended) {
                    return;
                }
                subscriber.onNext(message.apply(sent));
                sent++;
                if (sent == count && !ended) {
                    ended = true;
                    subscriber.onComplete();
                }
            } while (demand.decrementAndGet() > 0);
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
