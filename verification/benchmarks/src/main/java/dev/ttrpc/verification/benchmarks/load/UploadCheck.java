package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;

/** Sees to it that an upload's messages come in order, none lost and none twice. For one thread at a time. */
final class UploadCheck {
    private int next;

    void take(LoadMessage message) {
        Payloads.check(message, next++, message.getPayload().size());
    }

    LoadMessage answer() {
        return LoadMessage.newBuilder().setCount(next).build();
    }
}
