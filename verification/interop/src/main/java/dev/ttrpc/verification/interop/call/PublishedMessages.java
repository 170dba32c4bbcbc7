package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageWriter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what is written, to one subscriber and as fast as it asks. Writing waits while {@value #CAPACITY} messages wait. Guarded by its own
 * monitor; the subscriber is called outside it, by one thread at a time.
 */
final class PublishedMessages<T> implements Flow.Publisher<T>, MessageWriter<T> {
    private static final int CAPACITY = 64;

    private final Queue<T> waiting = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private long demand;
    private boolean finished;
    private boolean cancelled;
    private boolean ended;
    private boolean delivering;

    @Override
    public void subscribe(Flow.Subscriber<? super T> added) {
        added.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                synchronized (PublishedMessages.this) {
                    demand = Math.max(demand + n, n);
                }
                deliver();
            }

            @Override
            public void cancel() {
                PublishedMessages.this.cancel();
            }
        });
        synchronized (this) {
            subscriber = added;
        }
        deliver();
    }

    /** Takes a message; after the subscriber has cancelled it is dropped. */
    @Override
    public void write(T message) {
        synchronized (this) {
            awaitRoom();
            if (cancelled) {
                return;
            }
            waiting.add(message);
        }
        deliver();
    }

    void finish() {
        synchronized (this) {
            finished = true;
        }
        deliver();
    }

    private synchronized void cancel() {
        cancelled = true;
        waiting.clear();
        notifyAll();
    }

    private synchronized void awaitRoom() {
        try {
            while (waiting.size() >= CAPACITY && !cancelled) {
                wait();
            }
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
    }

    private void deliver() {
        synchronized (this) {
            if (delivering) {
                return;
            }
            delivering = true;
        }
        while (deliverOne()) {
            // one signal after the other, until nothing can be delivered
        }
    }

    private boolean deliverOne() {
        Flow.Subscriber<? super T> target;
        T message = null;
        synchronized (this) {
            target = subscriber;
            boolean complete = finished && waiting.isEmpty() && !ended;
            if (target == null || cancelled || !(complete || demand > 0 && !waiting.isEmpty())) {
                delivering = false;
                return false;
            }
            if (complete) {
                ended = true;
            } else {
                message = waiting.remove();
                demand--;
                notifyAll();
            }
        }
        if (message == null) {
            target.onComplete();
        } else {
            target.onNext(message);
        }
        return true;
    }
}
