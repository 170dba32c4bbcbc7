package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.server.ServiceDefinition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The service in the async contract. What never ends by itself holds no thread here. */
final class AsyncLoad {
    private final Counted echoes;

    private AsyncLoad(Counted echoes) {
        this.echoes = echoes;
    }

    static ServiceDefinition bind(Counted echoes) {
        AsyncLoad load = new AsyncLoad(echoes);
        LoadMethods methods = LoadMethods.ASYNC;
        return ServiceDefinition.builder(methods.service())
                .unaryAsync(methods.echo(), load::echo)
                .unaryAsync(methods.fail(), request -> CompletableFuture.completedFuture(LoadAnswers.fail(request)))
                .unaryAsync(methods.hang(), request -> new CompletableFuture<>())
                .serverStreamingAsync(methods.download(), load::download)
                .clientStreamingAsync(methods.upload(), load::upload)
                .clientStreamingAsync(methods.stall(), requests -> new CompletableFuture<>())
                .bidiStreamingAsync(methods.chat(), requests -> requests)
                .build();
    }

    private CompletionStage<LoadMessage> echo(LoadMessage request) {
        echoes.count(request.getNumber());
        return CompletableFuture.completedFuture(LoadAnswers.echo(request));
    }

    private Flow.Publisher<LoadMessage> download(LoadMessage request) {
        LoadAnswers.checkDownload(request);
        return Produced.numbered(request.getNumber(), request.getCount(), request.getSize());
    }

    private CompletionStage<LoadMessage> upload(Flow.Publisher<LoadMessage> requests) {
        UploadCheck check = new UploadCheck();
        Collected<UploadCheck> collected = new Collected<>(check, check::take);
        requests.subscribe(collected);
        return collected.result().thenApply(UploadCheck::answer);
    }
}
