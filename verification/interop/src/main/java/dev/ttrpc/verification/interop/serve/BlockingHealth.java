package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.peers.grpc.CheckRequest;
import dev.ttrpc.peers.grpc.Health;
import dev.ttrpc.peers.grpc.HealthCheckResponse;
import dev.ttrpc.peers.grpc.VersionCheckResponse;

/** The health service of the Rust examples, by the blocking contract. */
final class BlockingHealth implements Health {
    @Override
    public HealthCheckResponse check(CheckRequest request) throws InterruptedException {
        Thread.sleep(HealthAnswers.CHECK_MILLIS);
        throw HealthAnswers.checkFailed();
    }

    @Override
    public VersionCheckResponse version(CheckRequest request) {
        return HealthAnswers.VERSION;
    }
}
