package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.peers.integration.EchoPayload;
import dev.ttrpc.peers.integration.Part;
import dev.ttrpc.peers.integration.StreamingAsyncClient;
import dev.ttrpc.peers.integration.StreamingClient;
import dev.ttrpc.peers.integration.Sum;

/** Go's streaming service, called by the async client, in the form of the blocking one. */
final class AwaitingStreamingClient implements StreamingClient {
    private final StreamingAsyncClient client;

    AwaitingStreamingClient(StreamingAsyncClient client) {
        this.client = client;
    }

    @Override
    public EchoPayload echo(EchoPayload request, CallOptions options) {
        return Awaiting.result(client.echo(request, options));
    }

    @Override
    public DuplexCall<EchoPayload, EchoPayload> echoStream(CallOptions options) {
        PublishedMessages<EchoPayload> requests = new PublishedMessages<>();
        return new AwaitingDuplex<>(requests, new SubscribedMessages<>(client.echoStream(requests, options)));
    }

    @Override
    public UploadCall<Part, Sum> sumStream(CallOptions options) {
        PublishedMessages<Part> requests = new PublishedMessages<>();
        return new AwaitingUpload<>(requests, client.sumStream(requests, options));
    }

    @Override
    public MessageReader<Part> divideStream(Sum request, CallOptions options) {
        return new SubscribedMessages<>(client.divideStream(request, options));
    }

    @Override
    public UploadCall<EchoPayload, Empty> echoNull(CallOptions options) {
        PublishedMessages<EchoPayload> requests = new PublishedMessages<>();
        return new AwaitingUpload<>(requests, client.echoNull(requests, options));
    }

    @Override
    public DuplexCall<EchoPayload, Empty> echoNullStream(CallOptions options) {
        PublishedMessages<EchoPayload> requests = new PublishedMessages<>();
        return new AwaitingDuplex<>(requests, new SubscribedMessages<>(client.echoNullStream(requests, options)));
    }

    @Override
    public MessageReader<EchoPayload> emptyPayloadStream(Empty request, CallOptions options) {
        return new SubscribedMessages<>(client.emptyPayloadStream(request, options));
    }
}
