package dev.ttrpc.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LastStreamIdTests {
    private static final Marshaller<String> EMPTY = new Marshaller<>() {
        @Override
        public int size(String message) {
            return 0;
        }

        @Override
        public void write(String message, ByteBuffer target) {}

        @Override
        public String parse(ByteBuffer source) {
            return "";
        }
    };

    @Test
    void callsBehindTheLastIdOfAConnectionGetTheNextOne() throws Exception {
        MethodDescriptor<String, String> method = MethodDescriptor.unary("test.Ids", "Empty", EMPTY, EMPTY);
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(ServiceDefinition.builder("test.Ids")
                                .unary(method, request -> "")
                                .build())
                        .build()
                        .start();
                TtrpcChannel channel = new NettyChannelBuilder()
                        .firstStreamId(-1)
                        .address(server.addresses().get(0))
                        .build()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // all of them wait for the first connection
                calls.add(channel.unaryAsync(method, "", CallOptions.DEFAULT));
            }
            for (CompletableFuture<String> call : calls) {
                assertThat(call.get(10, TimeUnit.SECONDS)).isEmpty();
            }
        }
    }
}
