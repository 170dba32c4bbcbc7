package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes messages with rising numbers, each made when it is asked for. Every subscriber gets them all. */
public final class Numbered implements Flow.Publisher<LoadMessage> {
    private final long first;
    private final int count;
    private final int size;

    public Numbered(long first, int count, int size) {
        this.first = first;
        this.count = count;
        this.size = size;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super LoadMessage> subscriber) {
        new Messages(subscriber).begin();
    }

    private final class Messages implements Flow.Subscription {
        private final Flow.Subscriber<? super LoadMessage> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private int sent; // of whoever raised the demand from 0
        private volatile boolean ended;

        Messages(Flow.Subscriber<? super LoadMessage> subscriber) {
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
                subscriber.onNext(Payloads.message(first + sent, size));
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
