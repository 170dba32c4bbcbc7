package com.example.greeter;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.ConnectedSocket;
import dev.ttrpc.transport.ListenOptions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

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

    static CompletableFuture<Void> changeAddresses(
            TtrpcServer server, TtrpcAddress first, TtrpcAddress admin, ServiceDefinition tools) throws IOException {
        // snippet: listen
        server.listen(admin, ListenOptions.DEFAULT, tools); // serves nothing else
        CompletableFuture<Void> free = server.stopListening(first); // when it can be listened on again
        // end
        return free;
    }

    static void serveInherited(TtrpcServer server, int descriptor) throws IOException {
        // snippet: inherited
        server.serve(ConnectedSocket.ofDescriptor(descriptor));
        // end
    }
}
