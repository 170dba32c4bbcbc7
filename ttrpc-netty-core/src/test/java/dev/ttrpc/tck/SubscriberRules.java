package dev.ttrpc.tck;

import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** The TCK's rules for a subscriber that sends what it gets. */
public final class SubscriberRules extends FlowSubscriberBlackboxVerification<String> {
    private final Supplier<Flow.Subscriber<String>> subscriber;

    SubscriberRules(Supplier<Flow.Subscriber<String>> subscriber) {
        super(PublisherRules.environment());
        this.subscriber = subscriber;
    }

    @Override
    public Flow.Subscriber<String> createFlowSubscriber() {
        return subscriber.get();
    }

    @Override
    public String createElement(int element) {
        return "message " + element;
    }
}
