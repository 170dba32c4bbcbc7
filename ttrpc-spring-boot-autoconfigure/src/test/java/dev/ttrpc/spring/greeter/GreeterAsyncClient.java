package dev.ttrpc.spring.greeter;

import dev.ttrpc.TtrpcContract;
import dev.ttrpc.client.CallOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Called, async. */
@TtrpcContract(GreeterTtrpc.class)
public interface GreeterAsyncClient {
    CompletableFuture<String> sayHello(String request, CallOptions options);

    default CompletableFuture<String> sayHello(String request) {
        return sayHello(request, CallOptions.DEFAULT);
    }

    Flow.Publisher<String> repeat(String request, CallOptions options);

    CompletableFuture<String> join(Flow.Publisher<String> requests, CallOptions options);

    Flow.Publisher<String> chat(Flow.Publisher<String> requests, CallOptions options);
}
