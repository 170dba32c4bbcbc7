package dev.ttrpc.codegen;

import java.util.Set;

/** The contract that a caller holds: {@code GreeterClient}. */
final class BlockingClient {
    private static final Template TYPE = Template.of("""
            $documentation
            $deprecated
            $quiet
            @$TtrpcGenerated
            @$TtrpcContract($GreeterTtrpc.class)
            public interface $GreeterClient {

                $methods
            }
            """);

    private static final Template UNARY = Template.of("""
            $documentation
            $deprecated
            $HelloReply $sayHello($HelloRequest request, $CallOptions options);

            $documentation
            $deprecated
            default $HelloReply $sayHello($HelloRequest request) {
                return $sayHello(request, $CallOptions.DEFAULT);
            }
            """);

    private static final Template SERVER_STREAMING = Template.of("""
            $documentation
            $deprecated
            $MessageReader<$HelloReply> $sayHello($HelloRequest request, $CallOptions options);

            $documentation
            $deprecated
            default $MessageReader<$HelloReply> $sayHello($HelloRequest request) {
                return $sayHello(request, $CallOptions.DEFAULT);
            }
            """);

    private static final Template CLIENT_STREAMING = Template.of("""
            $documentation
            $deprecated
            $UploadCall<$HelloRequest, $HelloReply> $sayHello($CallOptions options);

            $documentation
            $deprecated
            default $UploadCall<$HelloRequest, $HelloReply> $sayHello() {
                return $sayHello($CallOptions.DEFAULT);
            }
            """);

    private static final Template BIDI_STREAMING = Template.of("""
            $documentation
            $deprecated
            $DuplexCall<$HelloRequest, $HelloReply> $sayHello($CallOptions options);

            $documentation
            $deprecated
            default $DuplexCall<$HelloRequest, $HelloReply> $sayHello() {
                return $sayHello($CallOptions.DEFAULT);
            }
            """);

    private static final MethodTemplates METHODS =
            new MethodTemplates(UNARY, SERVER_STREAMING, CLIENT_STREAMING, BIDI_STREAMING);

    private BlockingClient() {}

    static String source(Service service, Set<String> neighbours) {
        JavaSource source = new JavaSource(service, neighbours, Set.of());
        source.with("methods", String.join("\n\n", source.fillEach(METHODS::of)));
        return source.file(
                TYPE,
                "Calls {@code " + service.fullName() + "}. A call that fails throws a {@code TtrpcException}.",
                service.hasDeprecatedMessages());
    }
}
