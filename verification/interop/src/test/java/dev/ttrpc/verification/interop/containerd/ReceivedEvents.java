package dev.ttrpc.verification.interop.containerd;

import com.google.protobuf.Empty;
import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.Metadata;
import dev.ttrpc.containerd.services.events.v1.Events;
import dev.ttrpc.containerd.services.events.v1.EventsAsync;
import dev.ttrpc.containerd.services.events.v1.EventsTtrpc;
import dev.ttrpc.containerd.services.events.v1.ForwardRequest;
import dev.ttrpc.containerd.types.Envelope;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands in for containerd where a shim sends its events, and keeps them with what came along. */
final class ReceivedEvents implements AutoCloseable {
    /** One call of {@code Forward}. */
    record Forwarded(
            Envelope envelope, Metadata metadata, @Nullable Deadline deadline) {}

    private final List<Forwarded> received = new CopyOnWriteArrayList<>();
    private final TtrpcServer server;

    ReceivedEvents(Path socket, Stack stack) throws IOException {
        this.server = TtrpcServer.builder()
                .listen("unix:" + socket)
                .service(stack == Stack.BLOCKING ? blocking() : async())
                .build()
                .start();
    }

    List<Forwarded> received() {
        return List.copyOf(received);
    }

    List<String> topics() {
        return received.stream().map(event -> event.envelope().getTopic()).toList();
    }

    private ServiceDefinition blocking() {
        return EventsTtrpc.bind(new Events() {
            @Override
            public Empty forward(ForwardRequest request) {
                keep(request);
                return Empty.getDefaultInstance();
            }
        });
    }

    private ServiceDefinition async() {
        return EventsTtrpc.bind(new EventsAsync() {
            @Override
            public CompletableFuture<Empty> forward(ForwardRequest request) {
                keep(request);
                return CompletableFuture.completedFuture(Empty.getDefaultInstance());
            }
        });
    }

    private void keep(ForwardRequest request) {
        CallContext context = CallContext.current();
        received.add(new Forwarded(request.getEnvelope(), context.metadata(), context.deadline()));
    }

    @Override
    public void close() {
        server.close();
    }
}
