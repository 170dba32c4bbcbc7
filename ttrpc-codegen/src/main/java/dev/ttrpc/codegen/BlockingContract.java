package dev.ttrpc.codegen;

import java.util.Set;

/** The contract that a service implements: {@code Greeter}. */
final class BlockingContract {
    private static final Template TYPE = Template.of("""
            $documentation
            $deprecated
            $quiet
            @$TtrpcGenerated
            @$TtrpcContract($GreeterTtrpc.class)
            public interface $Greeter {

                $methods
            }
            """);

    private static final Template UNARY = method("$HelloReply $sayHello($HelloRequest request)");

    private static final Template SERVER_STREAMING =
            method("void $sayHello($HelloRequest request, $MessageWriter<$HelloReply> replies)");

    private static final Template CLIENT_STREAMING =
            method("$HelloReply $sayHello($MessageReader<$HelloRequest> requests)");

    private static final Template BIDI_STREAMING =
            method("void $sayHello($MessageReader<$HelloRequest> requests, $MessageWriter<$HelloReply> replies)");

    private static final MethodTemplates METHODS =
            new MethodTemplates(UNARY, SERVER_STREAMING, CLIENT_STREAMING, BIDI_STREAMING);

    private BlockingContract() {}

    static String source(Service service, Set<String> neighbours) {
        JavaSource source = new JavaSource(service, neighbours, Set.of());
        source.with("methods", String.join("\n\n", source.fillEach(METHODS::of)));
        return source.file(
                TYPE,
                "Implemented to serve {@code " + service.fullName()
                        + "}. A method that is not overridden answers UNIMPLEMENTED.",
                service.hasDeprecatedMessages());
    }

    private static Template method(String signature) {
        return Template.of("""
                $documentation
                $deprecated
                default SIGNATURE throws $Exception {
                    throw $GreeterTtrpc.$SAY_HELLO.unimplemented();
                }
                """.replace("SIGNATURE", signature));
    }
}
