package com.example.greeter;

import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;

/** The same without Spring. */
final class PlainJava {
    private PlainJava() {}

    static String serveAndCall(String address) throws IOException {
        // snippet: plain
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen(address)
                        .service(GreeterTtrpc.bind(new GreeterEndpoint()))
                        .build()
                        .start();
                TtrpcChannel channel = TtrpcChannel.to(address)) {
            GreeterClient greeter = GreeterTtrpc.client(channel);
            return greeter.sayHello(HelloRequest.newBuilder().setName("ttrpc").build())
                    .getMessage();
        }
        // end
    }
}
