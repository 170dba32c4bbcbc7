package dev.ttrpc.verification.benchmarks.programs;

import dev.ttrpc.benchmark.v1.BenchmarkAsync;
import dev.ttrpc.benchmark.v1.DownloadRequest;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.benchmark.v1.UploadResponse;
import dev.ttrpc.verification.benchmarks.load.Produced;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The service in the async contract. */
final class AsyncEcho implements BenchmarkAsync {
    @Override
    public CompletionStage<EchoMessage> echo(EchoMessage request) {
        return CompletableFuture.completedFuture(BlockingEcho.answer(request));
    }

    @Override
    public Flow.Publisher<EchoMessage> download(DownloadRequest request) {
        EchoMessage message = BlockingEcho.message(request.getSize());
        return new Produced<>(request.getCount(), i -> message);
    }

    @Override
    public CompletionStage<UploadResponse> upload(Flow.Publisher<EchoMessage> requests) {
        Counting counting = new Counting();
        requests.subscribe(counting);
        return counting.total;
    }

    @Override
    public Flow.Publisher<EchoMessage> chat(Flow.Publisher<EchoMessage> requests) {
        return requests;
    }

    /** Takes all messages as they come. */
    private static final class Counting implements Flow.Subscriber<EchoMessage> {
        private final CompletableFuture<UploadResponse> total = new CompletableFuture<>();
        private long messages;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(EchoMessage message) {
            messages++;
        }

        @Override
        public void onError(Throwable failure) {
            total.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            total.complete(UploadResponse.newBuilder().setMessages(messages).build());
        }
    }
}
