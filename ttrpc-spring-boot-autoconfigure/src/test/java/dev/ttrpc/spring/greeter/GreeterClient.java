package dev.ttrpc.spring.greeter;

import dev.ttrpc.MessageReader;
import dev.ttrpc.TtrpcContract;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;

/** Called, blocking. */
@TtrpcContract(GreeterTtrpc.class)
public interface GreeterClient {
    String sayHello(String request, CallOptions options);

    default String sayHello(String request) {
        return sayHello(request, CallOptions.DEFAULT);
    }

    MessageReader<String> repeat(String request, CallOptions options);

    UploadCall<String, String> join(CallOptions options);

    DuplexCall<String, String> chat(CallOptions options);
}
