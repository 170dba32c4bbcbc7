package dev.ttrpc.spring.greeter;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** What belongs to the service. */
public final class GreeterTtrpc {
    public static final String SERVICE_NAME = "test.v1.Greeter";

    public static final MethodDescriptor<String, String> SAY_HELLO =
            MethodDescriptor.unary(SERVICE_NAME, "SayHello", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    public static final MethodDescriptor<String, String> REPEAT =
            MethodDescriptor.serverStreaming(SERVICE_NAME, "Repeat", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    public static final MethodDescriptor<String, String> JOIN =
            MethodDescriptor.clientStreaming(SERVICE_NAME, "Join", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    public static final MethodDescriptor<String, String> CHAT =
            MethodDescriptor.bidiStreaming(SERVICE_NAME, "Chat", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private GreeterTtrpc() {}

    public static List<MethodDescriptor<?, ?>> methods() {
        return List.of(SAY_HELLO, REPEAT, JOIN, CHAT);
    }

    public static ServiceDefinition bind(Greeter service) {
        return bind(service, options -> {});
    }

    public static ServiceDefinition bind(Greeter service, Consumer<ServiceDefinition.Builder> options) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(SERVICE_NAME)
                .unary(SAY_HELLO, service::sayHello)
                .serverStreaming(REPEAT, service::repeat)
                .clientStreaming(JOIN, service::join)
                .bidiStreaming(CHAT, service::chat);
        options.accept(builder);
        return builder.build();
    }

    public static ServiceDefinition bind(GreeterAsync service) {
        return bind(service, options -> {});
    }

    public static ServiceDefinition bind(GreeterAsync service, Consumer<ServiceDefinition.Builder> options) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(SERVICE_NAME)
                .unaryAsync(SAY_HELLO, service::sayHello)
                .serverStreamingAsync(REPEAT, service::repeat)
                .clientStreamingAsync(JOIN, service::join)
                .bidiStreamingAsync(CHAT, service::chat);
        options.accept(builder);
        return builder.build();
    }

    public static GreeterClient client(TtrpcChannel channel) {
        return new Client(channel);
    }

    public static GreeterAsyncClient asyncClient(TtrpcChannel channel) {
        return new AsyncClient(channel);
    }

    private record Client(TtrpcChannel channel) implements GreeterClient {
        @Override
        public String sayHello(String request, CallOptions options) {
            return channel.unary(SAY_HELLO, request, options);
        }

        @Override
        public MessageReader<String> repeat(String request, CallOptions options) {
            return channel.serverStreaming(REPEAT, request, options);
        }

        @Override
        public UploadCall<String, String> join(CallOptions options) {
            return channel.clientStreaming(JOIN, options);
        }

        @Override
        public DuplexCall<String, String> chat(CallOptions options) {
            return channel.bidiStreaming(CHAT, options);
        }
    }

    private record AsyncClient(TtrpcChannel channel) implements GreeterAsyncClient {
        @Override
        public CompletableFuture<String> sayHello(String request, CallOptions options) {
            return channel.unaryAsync(SAY_HELLO, request, options);
        }

        @Override
        public Flow.Publisher<String> repeat(String request, CallOptions options) {
            return channel.serverStreamingAsync(REPEAT, request, options);
        }

        @Override
        public CompletableFuture<String> join(Flow.Publisher<String> requests, CallOptions options) {
            return channel.clientStreamingAsync(JOIN, requests, options);
        }

        @Override
        public Flow.Publisher<String> chat(Flow.Publisher<String> requests, CallOptions options) {
            return channel.bidiStreamingAsync(CHAT, requests, options);
        }
    }
}
