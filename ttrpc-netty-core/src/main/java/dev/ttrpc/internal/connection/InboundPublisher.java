package dev.ttrpc.internal.connection;

import dev.ttrpc.Marshaller;
import dev.ttrpc.Status;
import dev.ttrpc.internal.logging.FailureLog;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of one stream to one subscriber, as many as it has asked for, one signal at a time. A second subscriber gets IllegalStateException.
 *
 * @param <T> the type of message
 */
public final class InboundPublisher<T> implements Flow.Publisher<T> {
    private static final Logger log = LoggerFactory.getLogger(InboundPublisher.class);

    private static final Status BROKEN = Status.UNKNOWN.withDescription("internal error");

    private final StreamHalf half;
    private final InboundQueue input;
    private final Marshaller<T> marshaller;
    private final Executor executor;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    /** @param executor runs the signals, one task at a time */
    public InboundPublisher(StreamHalf half, InboundQueue input, Marshaller<T> marshaller, Executor executor) {
        this.half = half;
        this.input = input;
        this.marshaller = marshaller;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (!subscribed.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            subscriber.onError(new IllegalStateException("the messages of a call have one subscriber"));
            return;
        }
        new Subscription(subscriber).begin();
    }

    /** Delivers in one task at a time: whoever raises {@code work} from 0 starts it, and it ends when it has brought it back to 0. */
    private final class Subscription implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super T> subscriber;
        private final AtomicInteger work = new AtomicInteger(1); // held by begin()
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean cancelled; // set by the subscriber, seen by the delivering task
        private volatile @Nullable Throwable refused; // a request that breaks the rules, for the delivering task

        Subscription(Flow.Subscriber<? super T> subscriber) {
            this.subscriber = subscriber;
        }

        void begin() {
            input.onSignal(this::schedule);
            try {
                subscriber.onSubscribe(this);
            } catch (RuntimeException | Error e) {
                broken(e);
            }
            if (work.decrementAndGet() > 0) {
                start();
            } else {
                schedule(); // for what had come before the signal was set
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused = new IllegalArgumentException(
                        "a subscriber must request more than 0 (Reactive Streams 3.9): " + n);
            } else {
                demand.getAndUpdate(now -> now + n < 0 ? Long.MAX_VALUE : now + n);
            }
            schedule();
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                input.onSignal(
                        () -> {}); // the call may go on: it is to let go of the subscriber (Reactive Streams 3.13)
                input.discard();
                half.readerClosed();
            }
        }

        private void schedule() {
            if (work.getAndIncrement() == 0) {
                start();
            }
        }

        private void start() {
            try {
                executor.execute(this);
            } catch (RuntimeException e) {
                log.warn("The executor refused to deliver messages of a call, which is cancelled", e);
                if (!cancelled) {
                    cancel();
                    fail(half.failure(Status.CANCELLED
                            .withDescription("the executor refused to deliver messages")
                            .withCause(e)));
                }
            }
        }

        @Override
        public void run() {
            int seen = work.get();
            do {
                deliver();
                seen = work.addAndGet(-seen);
            } while (seen > 0);
        }

        private void deliver() {
            while (!cancelled) {
                Throwable refusal = refused;
                if (refusal != null) {
                    cancel();
                    fail(refusal);
                    return;
                }
                Status end = input.end();
                if (end != null && input.isEmpty()) {
                    finish(end);
                    return;
                }
                if (demand.get() == 0) {
                    return;
                }
                InboundMessage message = input.poll();
                if (message == null) {
                    if (input.end() == null) {
                        return;
                    }
                    continue;
                }
                deliver(message);
            }
        }

        private void deliver(InboundMessage message) {
            T parsed;
            try {
                parsed = Parsing.take(half, message, marshaller);
            } catch (RuntimeException | Error e) {
                cancelled = true;
                input.discard();
                half.fail(BROKEN.withCause(e)); // nothing where parsing has failed the call
                fail(e);
                return;
            }
            if (demand.get() != Long.MAX_VALUE) {
                demand.decrementAndGet();
            }
            try {
                subscriber.onNext(parsed);
            } catch (RuntimeException | Error e) {
                broken(e);
            }
        }

        private void finish(Status end) {
            cancelled = true;
            if (!end.isOk()) {
                fail(half.over(end));
                return;
            }
            try {
                subscriber.onComplete();
            } catch (RuntimeException | Error e) {
                FailureLog.error(log, "A subscriber threw at the end of a call", e);
            }
        }

        private void fail(Throwable failure) {
            try {
                subscriber.onError(failure);
            } catch (RuntimeException | Error e) {
                FailureLog.error(log, "A subscriber threw at the end of a call", e);
            }
        }

        private void broken(Throwable failure) {
            FailureLog.error(log, "A subscriber threw, and its call is ended", failure);
            cancel();
            half.fail(BROKEN.withCause(failure));
        }
    }
}
