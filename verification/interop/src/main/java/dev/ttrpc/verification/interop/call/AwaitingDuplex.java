package dev.ttrpc.verification.interop.call;

import dev.ttrpc.client.DuplexCall;
import org.jspecify.annotations.Nullable;

/** A bidirectional call of the async client, in the form of the blocking one. */
final class AwaitingDuplex<Q, P> implements DuplexCall<Q, P> {
    private final PublishedMessages<Q> requests;
    private final SubscribedMessages<P> responses;

    AwaitingDuplex(PublishedMessages<Q> requests, SubscribedMessages<P> responses) {
        this.requests = requests;
        this.responses = responses;
    }

    @Override
    public void write(Q message) {
        requests.write(message);
    }

    @Override
    public void finish() {
        requests.finish();
    }

    @Override
    public @Nullable P read() {
        return responses.read();
    }

    @Override
    public void close() {
        responses.close();
    }
}
