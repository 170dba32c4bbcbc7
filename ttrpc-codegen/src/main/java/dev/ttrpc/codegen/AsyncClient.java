package dev.ttrpc.codegen;

import java.util.Set;

/** The contract that a caller holds who does not want to block: {@code GreeterAsyncClient}. */
final class AsyncClient {
    private static final Template TYPE = Template.of("""
            $documentation
            $deprecated
            $quiet
            @$TtrpcGenerated
            @$TtrpcContract($GreeterTtrpc.class)
            public interface $GreeterAsyncClient {

                $methods
            }
            """);

    private static final Template UNARY = Template.of("""
            $documentation
            $deprecated
            $CompletableFuture<$HelloReply> $sayHello($HelloRequest request, $CallOptions options);

            $documentation
            $deprecated
            default $CompletableFuture<$HelloReply> $sayHello($HelloRequest request) {
                return $sayHello(request, $CallOptions.DEFAULT);
            }
            """);

    private static final Template SERVER_STREAMING = Template.of("""
            $documentation
            $deprecated
            $Flow.Publisher<$HelloReply> $sayHello($HelloRequest request, $CallOptions options);

            $documentation
            $deprecated
            default $Flow.Publisher<$HelloReply> $sayHello($HelloRequest request) {
                return $sayHello(request, $CallOptions.DEFAULT);
            }
            """);

    private static final Template CLIENT_STREAMING = Template.of("""
            $documentation
            $deprecated
            $CompletableFuture<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests, $CallOptions options);

            $documentation
            $deprecated
            default $CompletableFuture<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests) {
                return $sayHello(requests, $CallOptions.DEFAULT);
            }
            """);

    private static final Template BIDI_STREAMING = Template.of("""
            $documentation
            $deprecated
            $Flow.Publisher<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests, $CallOptions options);

            $documentation
            $deprecated
            default $Flow.Publisher<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests) {
                return $sayHello(requests, $CallOptions.DEFAULT);
            }
            """);

    private static final MethodTemplates METHODS =
            new MethodTemplates(UNARY, SERVER_STREAMING, CLIENT_STREAMING, BIDI_STREAMING);

    private AsyncClient() {}

    static String source(Service service, Set<String> neighbours) {
        JavaSource source = new JavaSource(service, neighbours, Set.of());
        source.with("methods", String.join("\n\n", source.fillEach(METHODS::of)));
        return source.file(
                TYPE,
                "Calls {@code " + service.fullName()
                        + "} without blocking. A future that is cancelled cancels its call; each subscription to a publisher "
                        + "is a call of its own.",
                service.hasDeprecatedMessages());
    }
}
