package dev.ttrpc.verification.interop.call;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Subscribes at once and lets a thread wait for what comes. Asks for one message more for each that was read. */
final class SubscribedMessages<T> implements MessageReader<T>, Flow.Subscriber<T> {
    private static final int AHEAD = 16;

    private final BlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription; // set by the publisher's thread, read by the reader's
    private @Nullable Signal<T> end;

    /** A message, or the end: with a failure or without. */
    private record Signal<T>(@Nullable T message, @Nullable Throwable failure) {}

    SubscribedMessages(Flow.Publisher<T> publisher) {
        publisher.subscribe(this);
    }

    @Override
    public @Nullable T read() {
        Signal<T> signal = end == null ? take() : end;
        if (signal.message() == null) {
            end = signal;
            if (signal.failure() != null) {
                throw Awaiting.failure(signal.failure());
            }
            return null;
        }
        Flow.Subscription source = subscription;
        if (source != null) {
            source.request(1);
        }
        return signal.message();
    }

    private Signal<T> take() {
        try {
            return signals.take();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new TtrpcException(Status.CANCELLED, TtrpcException.Origin.LIBRARY, e);
        }
    }

    @Override
    public void close() {
        Flow.Subscription source = subscription;
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscription = source;
        source.request(AHEAD);
    }

    @Override
    public void onNext(T message) {
        signals.add(new Signal<>(message, null));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal<>(null, failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal<>(null, null));
    }
}
