package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.ConformanceAsync;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** The conformance service by the async contract. No thread waits in it. */
final class AsyncConformance implements ConformanceAsync {
    private final Hangs hangs = new Hangs();

    @Override
    public CompletionStage<UnaryResponse> unary(UnaryRequest request) {
        CallInfo call = CallInfos.current();
        int delay = request.getPlan().getDelayMillis();
        return delay > 0
                ? CompletableFuture.supplyAsync(
                        () -> answer(request, call), CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS))
                : CompletableFuture.completedFuture(answer(request, call));
    }

    @SuppressWarnings("NullAway") // a plan may ask for null
    private static UnaryResponse answer(UnaryRequest request, CallInfo call) {
        Planned plan = new Planned(request.getPlan());
        if (plan.ends()) {
            plan.fail();
            return null;
        }
        return Answers.unary(request, call);
    }

    @Override
    public CompletionStage<Empty> nothing(Empty request) {
        return CompletableFuture.completedFuture(Empty.getDefaultInstance());
    }

    @Override
    @SuppressWarnings("NullAway") // a plan may ask for null
    public CompletionStage<UploadResponse> upload(Flow.Publisher<UploadRequest> requests) {
        AsyncUpload upload = new AsyncUpload(CallInfos.current());
        requests.subscribe(upload);
        return upload.answer();
    }

    @Override
    public Flow.Publisher<DownloadResponse> download(DownloadRequest request) {
        return new AsyncDownload(request);
    }

    @Override
    public Flow.Publisher<ChatMessage> chat(Flow.Publisher<ChatMessage> requests) {
        return new AsyncChat(requests);
    }

    @Override
    public CompletionStage<Empty> hang(HangRequest request) {
        return hangs.begin(request).thenApply(end -> Empty.getDefaultInstance());
    }

    @Override
    public CompletionStage<HangCountResponse> hangCount(Empty request) {
        return CompletableFuture.completedFuture(hangs.count());
    }
}
