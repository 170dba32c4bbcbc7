package com.example.greeter;

import dev.ttrpc.spring.TtrpcClient;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

// snippet: async
@Component
class AsyncWelcome {
    private final GreeterAsyncClient greeter;

    AsyncWelcome(@TtrpcClient("greeter") GreeterAsyncClient greeter) {
        this.greeter = greeter;
    }

    CompletableFuture<String> welcome(String name) {
        return greeter.sayHello(HelloRequest.newBuilder().setName(name).build()).thenApply(HelloReply::getMessage);
    }
}
// end
