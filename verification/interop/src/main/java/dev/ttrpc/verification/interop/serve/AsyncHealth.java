package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.peers.grpc.CheckRequest;
import dev.ttrpc.peers.grpc.HealthAsync;
import dev.ttrpc.peers.grpc.HealthCheckResponse;
import dev.ttrpc.peers.grpc.VersionCheckResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The health service of the Rust examples, by the async contract. */
final class AsyncHealth implements HealthAsync {
    @Override
    public CompletionStage<HealthCheckResponse> check(CheckRequest request) {
        CompletableFuture<HealthCheckResponse> answer = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(HealthAnswers.CHECK_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> answer.completeExceptionally(HealthAnswers.checkFailed()));
        return answer;
    }

    @Override
    public CompletionStage<VersionCheckResponse> version(CheckRequest request) {
        return CompletableFuture.completedFuture(HealthAnswers.VERSION);
    }
}
