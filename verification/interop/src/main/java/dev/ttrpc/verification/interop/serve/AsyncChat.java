package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.conformance.v1.ChatMessage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Publishes what it is sent: takes a message when one is asked for. */
final class AsyncChat implements Flow.Publisher<ChatMessage> {
    private final Flow.Publisher<ChatMessage> requests;

    AsyncChat(Flow.Publisher<ChatMessage> requests) {
        this.requests = requests;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ChatMessage> subscriber) {
        Conversation conversation = new Conversation(subscriber);
        subscriber.onSubscribe(conversation);
        requests.subscribe(conversation);
    }

    /** Stands between both sides. What changes does so in turns. */
    private static final class Conversation implements Flow.Subscriber<ChatMessage>, Flow.Subscription {
        private final Turns turns = new Turns();
        private final Flow.Subscriber<? super ChatMessage> subscriber;
        private Flow.@Nullable Subscription input;
        private Planned plan = Planned.NOTHING;
        private long demand;
        private int handled;
        private boolean messageAskedFor;
        private boolean messageHeld;
        private boolean inputEnded;
        private boolean ended;

        Conversation(Flow.Subscriber<? super ChatMessage> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            turns.run(() -> {
                input = subscription;
                if (ended) {
                    subscription.cancel();
                } else {
                    askForOne();
                }
            });
        }

        @Override
        public void request(long n) {
            turns.run(() -> {
                if (n <= 0) {
                    end(new IllegalArgumentException("demand must be positive: " + n));
                    return;
                }
                demand = Math.max(demand + n, n);
                askForOne();
            });
        }

        private void askForOne() {
            if (input != null && demand > 0 && !messageAskedFor && !ended && !inputEnded) {
                messageAskedFor = true;
                input.request(1);
            }
        }

        @Override
        public void onNext(ChatMessage message) {
            turns.run(() -> {
                messageHeld = true;
                if (handled == 0) {
                    plan = new Planned(message.getPlan());
                    turns.runAfter(message.getPlan().getDelayMillis(), () -> answer(message));
                } else {
                    answer(message);
                }
            });
        }

        private void answer(ChatMessage message) {
            messageHeld = false;
            messageAskedFor = false;
            if (ended) {
                return;
            }
            if (handled == 0 && plan.endsAfter(0)) {
                end(plan.failure());
                return;
            }
            demand--;
            handled++;
            subscriber.onNext(message);
            if (plan.endsAfter(handled)) {
                end(plan.failure());
            } else if (inputEnded) {
                end(null);
            } else {
                askForOne();
            }
        }

        @Override
        public void onComplete() {
            turns.run(() -> {
                inputEnded = true;
                if (!messageHeld) {
                    end(null);
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            turns.run(() -> end(failure));
        }

        @Override
        public void cancel() {
            turns.run(() -> {
                ended = true;
                cancelInput();
            });
        }

        private void end(@Nullable Throwable failure) {
            if (ended) {
                return;
            }
            ended = true;
            cancelInput();
            if (failure == null) {
                subscriber.onComplete();
            } else {
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
