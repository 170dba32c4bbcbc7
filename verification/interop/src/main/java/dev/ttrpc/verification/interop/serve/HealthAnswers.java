package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.peers.grpc.VersionCheckResponse;

/** What both stacks answer in the health service of the Rust examples. */
final class HealthAnswers {
    /** How long Check waits: its callers' deadlines are shorter. */
    static final int CHECK_MILLIS = 1_000;

    static final VersionCheckResponse VERSION = VersionCheckResponse.newBuilder()
            .setGrpcVersion("0.0.1")
            .setAgentVersion("mock.0.1")
            .build();

    private HealthAnswers() {}

    static TtrpcException checkFailed() {
        return Status.NOT_FOUND
                .withDescription("nothing is checked here, after a wait on purpose")
                .asException();
    }
}
