package dev.ttrpc.internal.connection;

import dev.ttrpc.Marshaller;
import dev.ttrpc.internal.logging.FailureLog;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a publisher publishes, asking for the next message when there is output for it.
 *
 * @param <T> the type of message
 */
public final class OutboundSubscriber<T> implements Flow.Subscriber<T> {
    private static final Logger log = LoggerFactory.getLogger(OutboundSubscriber.class);

    /** What becomes of the call when the publisher ends. */
    public interface Ending {
        void completed();

        void failed(Throwable failure);

        /** Whether a failure overtakes messages that wait for output. */
        default boolean failsAtOnce() {
            return false;
        }
    }

    private final MessageSender<T> sender;
    private final Ending ending;
    private final Object guard =
            new Object(); // for what follows: the publisher's thread, whoever makes room, whoever ends the call
    private Flow.@Nullable Subscription subscription;
    private int sending; // messages that wait for output
    private @Nullable Runnable end; // of the publisher, behind those messages
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
            request(subscription);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(T message) {
        if (message == null) {
            NullPointerException nothing = new NullPointerException("message");
            fail(nothing);
            throw nothing;
        }
        Flow.Subscription current;
        synchronized (guard) {
            current = subscription;
            if (over || current == null) {
                return;
            }
            sending++;
        }
        try {
            sender.send(message, () -> handed(current));
        } catch (RuntimeException | Error e) {
            broken(current, e);
        }
    }

    /** A hook or the marshaller failed, or the message is too large: the call ends as it does where its handler or publisher fails. */
    private void broken(Flow.Subscription current, Throwable failure) {
        synchronized (guard) {
            sending--;
            if (over) {
                return;
            }
            over = true;
        }
        cancel(current);
        failed(failure);
    }

    private void failed(Throwable failure) {
        try {
            ending.failed(failure);
        } catch (RuntimeException | Error e) { // of a failure that cannot even tell its message
            ending.failed(new IllegalStateException(failure.getClass().getName() + ", which failed itself with "
                    + e.getClass().getName()));
        }
    }

    private void handed(Flow.Subscription current) {
        Runnable behind;
        boolean more;
        synchronized (guard) {
            sending--;
            behind = sending == 0 ? end : null;
            more = !over;
        }
        if (behind != null) {
            behind.run();
        } else if (more) {
            request(current);
        }
    }

    private void request(Flow.Subscription current) {
        try {
            current.request(1);
        } catch (RuntimeException | Error e) {
            onError(e);
        }
    }

    /** A publisher that breaks the rules: its call does not depend on what it does next. */
    private void fail(Throwable failure) {
        Flow.Subscription current;
        synchronized (guard) {
            current = over ? null : subscription;
        }
        onError(failure);
        if (current != null) {
            cancel(current);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        finish(() -> failed(failure), ending.failsAtOnce());
    }

    @Override
    public void onComplete() {
        finish(ending::completed, false);
    }

    /** The call has ended: nothing more is wanted. Any thread. */
    public void callEnded() {
        Flow.Subscription current;
        synchronized (guard) {
            current = over ? null : subscription;
            over = true;
            end = null;
        }
        sender.wake();
        if (current != null) {
            cancel(current);
        }
    }

    private static void cancel(Flow.Subscription current) {
        try {
            current.cancel();
        } catch (RuntimeException | Error e) {
            FailureLog.error(log, "The publisher of a call that has ended could not be cancelled", e);
        }
    }

    private void finish(Runnable how, boolean atOnce) {
        synchronized (guard) {
            if (over) {
                return;
            }
            over = true;
            if (sending > 0 && !atOnce) {
                end = how;
                return;
            }
        }
        how.run();
    }
}
