package dev.ttrpc.verification.interop.call;

import dev.ttrpc.client.UploadCall;
import java.util.concurrent.CompletableFuture;

/** A client-streaming call of the async client, in the form of the blocking one. */
final class AwaitingUpload<Q, P> implements UploadCall<Q, P> {
    private final PublishedMessages<Q> requests;
    private final CompletableFuture<P> answer;

    AwaitingUpload(PublishedMessages<Q> requests, CompletableFuture<P> answer) {
        this.requests = requests;
        this.answer = answer;
    }

    @Override
    public void write(Q message) {
        if (answer.isCompletedExceptionally()) {
            Awaiting.result(answer);
        }
        requests.write(message);
    }

    @Override
    public boolean isEnded() {
        return answer.isDone();
    }

    @Override
    public P finish() {
        requests.finish();
        return Awaiting.result(answer);
    }

    @Override
    public void close() {
        answer.cancel(true);
    }
}
