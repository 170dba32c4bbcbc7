package dev.ttrpc.internal.connection;

import dev.ttrpc.Marshaller;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher publishes, asking for the next message when there is output for it.
 *
 * @param <T> the type of message
 */
public final class OutboundSubscriber<T> implements Flow.Subscriber<T> {
    /** What becomes of the call when the publisher ends. */
    public interface Ending {
        void completed();

        void failed(Throwable failure);
    }

    private final MessageSender<T> sender;
    private final Ending ending;
    private final Object guard =
            new Object(); // for subscription and over: the publisher's thread and whoever ends the call
    private Flow.@Nullable Subscription subscription;
    private boolean over;

    public OutboundSubscriber(StreamHalf half, Marshaller<T> marshaller, Ending ending) {
        this.sender = new MessageSender<>(half, marshaller);
        this.ending = ending;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        boolean wanted;
        synchronized (guard) {
            wanted = !over && this.subscription == null;
            if (wanted) {
                this.subscription = subscription;
            }
        }
        if (wanted) {
            subscription.request(1);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(T message) {
        Objects.requireNonNull(message, "message");
        Flow.Subscription current;
        synchronized (guard) {
            current = subscription;
        }
        if (current != null) {
            sender.send(message, () -> current.request(1));
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (finish()) {
            ending.failed(failure);
        }
    }

    @Override
    public void onComplete() {
        if (finish()) {
            ending.completed();
        }
    }

    /** The call has ended: nothing more is wanted. Any thread. */
    public void callEnded() {
        Flow.Subscription current;
        synchronized (guard) {
            if (over) {
                return;
            }
            over = true;
            current = subscription;
        }
        sender.wake();
        if (current != null) {
            current.cancel();
        }
    }

    private boolean finish() {
        synchronized (guard) {
            boolean first = !over;
            over = true;
            return first;
        }
    }
}
