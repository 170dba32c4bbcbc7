package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.peers.integration.EchoPayload;
import dev.ttrpc.peers.integration.Part;
import dev.ttrpc.peers.integration.StreamingAsync;
import dev.ttrpc.peers.integration.Sum;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The service of Go's own integration test, by the async contract. No thread waits in it. */
final class AsyncGoStreaming implements StreamingAsync {
    @Override
    public CompletionStage<EchoPayload> echo(EchoPayload request) {
        return CompletableFuture.completedFuture(GoMessages.echo(request));
    }

    @Override
    public Flow.Publisher<EchoPayload> echoStream(Flow.Publisher<EchoPayload> requests) {
        return new ExpandedMessages<>(
                requests, request -> List.of(GoMessages.echo(request)).iterator());
    }

    @Override
    public CompletionStage<Sum> sumStream(Flow.Publisher<Part> requests) {
        Sum.Builder sum = Sum.newBuilder();
        return FoldedMessages.of(requests, part -> GoMessages.add(part, sum), sum::build);
    }

    @Override
    public Flow.Publisher<Part> divideStream(Sum request) {
        return new EmittedMessages<>(() -> GoMessages.divide(request), 0);
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
    public Flow.Publisher<EchoPayload> emptyPayloadStream(Empty request) {
        return new EmittedMessages<>(GoMessages::numbered, 0);
    }
}
