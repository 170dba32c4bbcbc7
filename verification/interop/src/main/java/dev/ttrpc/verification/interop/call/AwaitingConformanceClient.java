package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.ConformanceAsyncClient;
import dev.ttrpc.conformance.v1.ConformanceClient;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;

/** Calls by the async client and waits for what comes, so that the cases need no second form. */
final class AwaitingConformanceClient implements ConformanceClient {
    private final ConformanceAsyncClient client;

    AwaitingConformanceClient(ConformanceAsyncClient client) {
        this.client = client;
    }

    @Override
    public UnaryResponse unary(UnaryRequest request, CallOptions options) {
        return Awaiting.result(client.unary(request, options));
    }

    @Override
    public Empty nothing(Empty request, CallOptions options) {
        return Awaiting.result(client.nothing(request, options));
    }

    @Override
    public UploadCall<UploadRequest, UploadResponse> upload(CallOptions options) {
        PublishedMessages<UploadRequest> requests = new PublishedMessages<>();
        return new AwaitingUpload<>(requests, client.upload(requests, options));
    }

    @Override
    public MessageReader<DownloadResponse> download(DownloadRequest request, CallOptions options) {
        return new SubscribedMessages<>(client.download(request, options));
    }

    @Override
    public DuplexCall<ChatMessage, ChatMessage> chat(CallOptions options) {
        PublishedMessages<ChatMessage> requests = new PublishedMessages<>();
        return new AwaitingDuplex<>(requests, new SubscribedMessages<>(client.chat(requests, options)));
    }

    @Override
    public Empty hang(HangRequest request, CallOptions options) {
        return Awaiting.result(client.hang(request, options));
    }

    @Override
    public HangCountResponse hangCount(Empty request, CallOptions options) {
        return Awaiting.result(client.hangCount(request, options));
    }
}
