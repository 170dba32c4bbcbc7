package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.peers.test.EchoPayload;
import dev.ttrpc.peers.test.Part;
import dev.ttrpc.peers.test.Streaming;
import dev.ttrpc.peers.test.Sum;
import java.util.Iterator;

/** The streaming service of the Rust examples, by the blocking contract. */
final class BlockingRustStreaming implements Streaming {
    @Override
    public EchoPayload echo(EchoPayload request) {
        return RustMessages.echo(request);
    }

    @Override
    public void echoStream(MessageReader<EchoPayload> requests, MessageWriter<EchoPayload> responses) {
        for (EchoPayload request : requests) {
            responses.write(RustMessages.echo(request));
        }
    }

    @Override
    public Sum sumStream(MessageReader<Part> requests) {
        Sum.Builder sum = Sum.newBuilder();
        for (Part part : requests) {
            RustMessages.add(part, sum);
        }
        return sum.build();
    }

    @Override
    public void divideStream(Sum request, MessageWriter<Part> responses) {
        RustMessages.divide(request).forEachRemaining(responses::write);
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
    public void echoDefaultValue(EchoPayload request, MessageWriter<EchoPayload> responses) {
        RustMessages.mustBeDefault(request);
        responses.write(EchoPayload.getDefaultInstance());
    }

    @Override
    public void serverSendStream(Empty request, MessageWriter<EchoPayload> responses) throws InterruptedException {
        for (Iterator<EchoPayload> hellos = RustMessages.hellos(); hellos.hasNext(); ) {
            responses.write(hellos.next());
            if (hellos.hasNext()) {
                Thread.sleep(RustMessages.PAUSE_MILLIS);
            }
        }
    }
}
