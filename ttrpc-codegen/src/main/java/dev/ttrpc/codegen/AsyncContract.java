package dev.ttrpc.codegen;

import java.util.Set;

/** The contract that a service implements without blocking: {@code GreeterAsync}. */
final class AsyncContract {
    private static final Template TYPE = Template.of("""
            $documentation
            $deprecated
            $quiet
            @$TtrpcGenerated
            @$TtrpcContract($GreeterTtrpc.class)
            public interface $GreeterAsync {

                $methods
            }
            """);

    private static final Template UNARY = method("$CompletionStage<$HelloReply> $sayHello($HelloRequest request)");

    private static final Template SERVER_STREAMING =
            method("$Flow.Publisher<$HelloReply> $sayHello($HelloRequest request)");

    private static final Template CLIENT_STREAMING =
            method("$CompletionStage<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests)");

    private static final Template BIDI_STREAMING =
            method("$Flow.Publisher<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests)");

    private static final MethodTemplates METHODS =
            new MethodTemplates(UNARY, SERVER_STREAMING, CLIENT_STREAMING, BIDI_STREAMING);

    private AsyncContract() {}

    static String source(Service service, Set<String> neighbours) {
        JavaSource source = new JavaSource(service, neighbours, Set.of());
        source.with("methods", String.join("\n\n", source.fillEach(METHODS::of)));
        return source.file(
                TYPE,
                "Implemented to serve {@code " + service.fullName()
                        + "} without blocking. A method that is not overridden answers UNIMPLEMENTED.",
                service.hasDeprecatedMessages());
    }

    private static Template method(String signature) {
        return Template.of("""
                $documentation
                $deprecated
                default SIGNATURE {
                    throw $GreeterTtrpc.$SAY_HELLO.unimplemented();
                }
                """.replace("SIGNATURE", signature));
    }
}
