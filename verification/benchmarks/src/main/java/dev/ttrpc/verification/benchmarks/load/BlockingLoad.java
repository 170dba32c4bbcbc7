package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.server.ServiceDefinition;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** The service in the blocking contract. */
final class BlockingLoad {
    private final Counted echoes;

    private BlockingLoad(Counted echoes) {
        this.echoes = echoes;
    }

    static ServiceDefinition bind(Counted echoes) {
        BlockingLoad load = new BlockingLoad(echoes);
        LoadMethods methods = LoadMethods.BLOCKING;
        return ServiceDefinition.builder(methods.service())
                .unary(methods.echo(), load::echo)
                .unary(methods.fail(), LoadAnswers::fail)
                .unary(methods.hang(), load::hang)
                .serverStreaming(methods.download(), load::download)
                .clientStreaming(methods.upload(), load::upload)
                .clientStreaming(methods.stall(), load::stall)
                .bidiStreaming(methods.chat(), load::chat)
                .build();
    }

    private LoadMessage echo(LoadMessage request) {
        echoes.count(request.getNumber());
        return LoadAnswers.echo(request);
    }

    private LoadMessage hang(LoadMessage request) throws InterruptedException {
        awaitCancellation();
        return request;
    }

    private void download(LoadMessage request, MessageWriter<LoadMessage> responses) {
        LoadAnswers.checkDownload(request);
        for (int i = 0; i < request.getCount(); i++) {
            responses.write(Payloads.message(request.getNumber() + i, request.getSize()));
        }
    }

    private LoadMessage upload(MessageReader<LoadMessage> requests) {
        UploadCheck check = new UploadCheck();
        for (LoadMessage request : requests) {
            check.take(request);
        }
        return check.answer();
    }

    private LoadMessage stall(MessageReader<LoadMessage> requests) throws InterruptedException {
        awaitCancellation();
        return LoadMessage.getDefaultInstance();
    }

    private void chat(MessageReader<LoadMessage> requests, MessageWriter<LoadMessage> responses) {
        for (LoadMessage request : requests) {
            responses.write(request);
        }
    }

    private static void awaitCancellation() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        Objects.requireNonNull(CallContext.current()).onCancel(status -> cancelled.countDown());
        cancelled.await();
    }
}
