package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.peers.test.EchoPayload;
import dev.ttrpc.peers.test.Part;
import dev.ttrpc.peers.test.StreamingAsync;
import dev.ttrpc.peers.test.Sum;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The streaming service of the Rust examples, by the async contract. No thread waits in it. */
final class AsyncRustStreaming implements StreamingAsync {
    @Override
    public CompletionStage<EchoPayload> echo(EchoPayload request) {
        return CompletableFuture.completedFuture(RustMessages.echo(request));
    }

    @Override
    public Flow.Publisher<EchoPayload> echoStream(Flow.Publisher<EchoPayload> requests) {
        return new ExpandedMessages<>(
                requests, request -> List.of(RustMessages.echo(request)).iterator());
    }

    @Override
    public CompletionStage<Sum> sumStream(Flow.Publisher<Part> requests) {
        Sum.Builder sum = Sum.newBuilder();
        return FoldedMessages.of(requests, part -> RustMessages.add(part, sum), sum::build);
    }

    @Override
    public Flow.Publisher<Part> divideStream(Sum request) {
        return new EmittedMessages<>(() -> RustMessages.divide(request), 0);
    }

    @Override
    public CompletionStage<Empty> echoNull(Flow.Publisher<EchoPayload> requests) {
        NullSequence sequence = new NullSequence();
        return FoldedMessages.of(
                requests, request -> sequence.expect(request.getSeq(), request.getMsg()), Empty::getDefaultInstance);
    }

    @Override
    public Flow.Publisher<Empty> echoNullStream(Flow.Publisher<EchoPayload> requests) {
        NullSequence sequence = new NullSequence();
        return new ExpandedMessages<>(requests, request -> {
            sequence.expect(request.getSeq(), request.getMsg());
            return Collections.nCopies(NullSequence.ECHOES, Empty.getDefaultInstance())
                    .iterator();
        });
    }

    @Override
    public Flow.Publisher<EchoPayload> echoDefaultValue(EchoPayload request) {
        RustMessages.mustBeDefault(request);
        return new EmittedMessages<>(() -> List.of(request).iterator(), 0);
    }

    @Override
    public Flow.Publisher<EchoPayload> serverSendStream(Empty request) {
        return new EmittedMessages<>(RustMessages::hellos, RustMessages.PAUSE_MILLIS);
    }
}
