package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.peers.integration.EchoPayload;
import dev.ttrpc.peers.integration.Part;
import dev.ttrpc.peers.integration.Streaming;
import dev.ttrpc.peers.integration.Sum;

/** The service of Go's own integration test, by the blocking contract. */
final class BlockingGoStreaming implements Streaming {
    @Override
    public EchoPayload echo(EchoPayload request) {
        return GoMessages.echo(request);
    }

    @Override
    public void echoStream(MessageReader<EchoPayload> requests, MessageWriter<EchoPayload> responses) {
        for (EchoPayload request : requests) {
            responses.write(GoMessages.echo(request));
        }
    }

    @Override
    public Sum sumStream(MessageReader<Part> requests) {
        Sum.Builder sum = Sum.newBuilder();
        for (Part part : requests) {
            GoMessages.add(part, sum);
        }
        return sum.build();
    }

    @Override
    public void divideStream(Sum request, MessageWriter<Part> responses) {
        GoMessages.divide(request).forEachRemaining(responses::write);
    }

    @Override
    public Empty echoNull(MessageReader<EchoPayload> requests) {
        NullSequence sequence = new NullSequence();
        for (EchoPayload request : requests) {
            sequence.expect(request.getSeq(), request.getMsg());
        }
        return Empty.getDefaultInstance();
    }

    @Override
    public void echoNullStream(MessageReader<EchoPayload> requests, MessageWriter<Empty> responses) {
        NullSequence sequence = new NullSequence();
        for (EchoPayload request : requests) {
            sequence.expect(request.getSeq(), request.getMsg());
            for (int i = 0; i < NullSequence.ECHOES; i++) {
                responses.write(Empty.getDefaultInstance());
            }
        }
    }

    @Override
    public void emptyPayloadStream(Empty request, MessageWriter<EchoPayload> responses) {
        GoMessages.numbered().forEachRemaining(responses::write);
    }
}
