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
            new Object(); // for what follows: the publisher's thread, whoever ends the call, and whoever frees output
    private Flow.@Nullable Subscription subscription;
    private boolean over;
    private boolean messageWaits;
    private @Nullable Runnable endBehindMessage;

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
        synchronized (guard) {
            if (subscription == null) {
                return;
            }
            messageWaits = true;
        }
        sender.send(message, this::handedOver);
    }

    /** The message has its output: asks for the next, or ends if the publisher has ended meanwhile. */
    private void handedOver() {
        Flow.Subscription current;
        Runnable end;
        synchronized (guard) {
            messageWaits = false;
            current = subscription;
            end = endBehindMessage;
            endBehindMessage = null;
        }
        if (end != null) {
            end.run();
        } else if (current != null) {
            current.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (finish()) {
            endInOrder(() -> ending.failed(failure));
        }
    }

    @Override
    public void onComplete() {
        if (finish()) {
            endInOrder(ending::completed);
        }
    }

    /** Ends at once, or behind a message that still waits for output. */
    private void endInOrder(Runnable end) {
        synchronized (guard) {
            if (messageWaits) {
                endBehindMessage = end;
                return;
            }
        }
        end.run();
    }

    /** The call has ended: nothing more is wanted. Any thread. */
    public void callEnded() {
        Flow.Subscription current;
        synchronized (guard) {
            endBehindMessage = null;
            current = over ? null : subscription;
            over = true;
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
