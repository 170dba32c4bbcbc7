package dev.ttrpc.verification.benchmarks.programs;

import com.google.protobuf.ByteString;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.benchmark.v1.Benchmark;
import dev.ttrpc.benchmark.v1.DownloadRequest;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.benchmark.v1.UploadResponse;

/** The service in the blocking contract. */
final class BlockingEcho implements Benchmark {
    @Override
    public EchoMessage echo(EchoMessage request) {
        return answer(request);
    }

    @Override
    public void download(DownloadRequest request, MessageWriter<EchoMessage> responses) {
        EchoMessage message = message(request.getSize());
        for (int i = 0; i < request.getCount(); i++) {
            responses.write(message);
        }
    }

    @Override
    public UploadResponse upload(MessageReader<EchoMessage> requests) {
        long messages = 0;
        while (requests.read() != null) {
            messages++;
        }
        return UploadResponse.newBuilder().setMessages(messages).build();
    }

    @Override
    public void chat(MessageReader<EchoMessage> requests, MessageWriter<EchoMessage> responses) {
        for (EchoMessage request : requests) {
            responses.write(request);
        }
    }

    /** What every server of this JVM answers: a message of its own, as a handler makes one. */
    static EchoMessage answer(EchoMessage request) {
        return EchoMessage.newBuilder().setPayload(request.getPayload()).build();
    }

    static EchoMessage message(int size) {
        return EchoMessage.newBuilder()
                .setPayload(ByteString.copyFromUtf8("x".repeat(size)))
                .build();
    }
}
