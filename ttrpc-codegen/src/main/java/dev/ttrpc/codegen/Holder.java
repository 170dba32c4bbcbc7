package dev.ttrpc.codegen;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What ties the contracts to the runtime: {@code GreeterTtrpc}. */
final class Holder {
    private static final Template TYPE = Template.of("""
            $documentation
            $deprecated
            $quiet
            @$TtrpcGenerated
            public final class $GreeterTtrpc {

                /** The service's name on the wire. */
                public static final $String SERVICE_NAME = "$service";

                $descriptors

                private $GreeterTtrpc() {}

                /** All methods, in the order of the proto. */
                public static $List<$MethodDescriptor<?, ?>> methods() {
                    return $List.of($constants);
                }

                /** What a server is given to serve the service. */
                public static $ServiceDefinition bind($Greeter service) {
                    return bind(service, options -> {});
                }

                /** What a server is given to serve the service, with options for it or for single methods. */
                public static $ServiceDefinition bind($Greeter service, $Consumer<$ServiceDefinition.Builder> options) {
                    $ServiceDefinition.Builder builder = $ServiceDefinition.builder(SERVICE_NAME)$bindings;
                    options.accept(builder);
                    return builder.build();
                }

                /** What a server is given to serve the service. */
                public static $ServiceDefinition bind($GreeterAsync service) {
                    return bind(service, options -> {});
                }

                /** What a server is given to serve the service, with options for it or for single methods. */
                public static $ServiceDefinition bind($GreeterAsync service, $Consumer<$ServiceDefinition.Builder> options) {
                    $ServiceDefinition.Builder builder = $ServiceDefinition.builder(SERVICE_NAME)$asyncBindings;
                    options.accept(builder);
                    return builder.build();
                }

                /** A client whose calls go over the channel. */
                public static $GreeterClient client($TtrpcChannel channel) {
                    return new $newClient;
                }

                /** A client whose calls go over the channel, without blocking. */
                public static $GreeterAsyncClient asyncClient($TtrpcChannel channel) {
                    return new $newAsyncClient;
                }

                $client

                $asyncClient
            }
            """);

    private static final Template DESCRIPTOR = Template.of("""
            $descriptorDocumentation
            $deprecated
            public static final $MethodDescriptor<$HelloRequest, $HelloReply> $SAY_HELLO =
                    $MethodDescriptor.$unary(
                            SERVICE_NAME,
                            "$SayHello",
                            $ProtobufMarshaller.of($HelloRequest.getDefaultInstance()),
                            $ProtobufMarshaller.of($HelloReply.getDefaultInstance()));
            """);

    private static final Template BINDING = Template.of(".$unary($SAY_HELLO, service::$sayHello)");

    private static final Template ASYNC_BINDING = Template.of(".$unaryAsync($SAY_HELLO, service::$sayHello)");

    private static final Template CLIENT = Template.of("""
            private static final class $Client implements $GreeterClient {

                private final $TtrpcChannel channel;

                $Client($TtrpcChannel channel) {
                    this.channel = channel;
                }

                $methods
            }
            """);

    private static final MethodTemplates CLIENT_METHODS =
            new MethodTemplates(Template.of("""
                    @$Override
                    public $HelloReply $sayHello($HelloRequest request, $CallOptions options) {
                        return channel.unary($SAY_HELLO, request, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $MessageReader<$HelloReply> $sayHello($HelloRequest request, $CallOptions options) {
                        return channel.serverStreaming($SAY_HELLO, request, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $UploadCall<$HelloRequest, $HelloReply> $sayHello($CallOptions options) {
                        return channel.clientStreaming($SAY_HELLO, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $DuplexCall<$HelloRequest, $HelloReply> $sayHello($CallOptions options) {
                        return channel.bidiStreaming($SAY_HELLO, options);
                    }
                    """));

    private static final Template ASYNC_CLIENT = Template.of("""
            private static final class $AsyncClient implements $GreeterAsyncClient {

                private final $TtrpcChannel channel;

                $AsyncClient($TtrpcChannel channel) {
                    this.channel = channel;
                }

                $methods
            }
            """);

    private static final MethodTemplates ASYNC_CLIENT_METHODS =
            new MethodTemplates(Template.of("""
                    @$Override
                    public $CompletableFuture<$HelloReply> $sayHello($HelloRequest request, $CallOptions options) {
                        return channel.unaryAsync($SAY_HELLO, request, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $Flow.Publisher<$HelloReply> $sayHello($HelloRequest request, $CallOptions options) {
                        return channel.serverStreamingAsync($SAY_HELLO, request, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $CompletableFuture<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests, $CallOptions options) {
                        return channel.clientStreamingAsync($SAY_HELLO, requests, options);
                    }
                    """), Template.of("""
                    @$Override
                    public $Flow.Publisher<$HelloReply> $sayHello($Flow.Publisher<$HelloRequest> requests, $CallOptions options) {
                        return channel.bidiStreamingAsync($SAY_HELLO, requests, options);
                    }
                    """));

    private Holder() {}

    static String source(Service service, Set<String> neighbours) {
        JavaSource source = new JavaSource(service, neighbours, constants(service));
        source.with("Client", nestedName("Client", service)).with("AsyncClient", nestedName("AsyncClient", service));
        source.with("descriptors", String.join("\n\n", source.fillEach(rpc -> DESCRIPTOR)));
        source.with(
                "constants", listed(service.rpcs().stream().map(Rpc::constant).toList()));
        source.with("bindings", chained(source.fillEach(rpc -> BINDING)));
        source.with("asyncBindings", chained(source.fillEach(rpc -> ASYNC_BINDING)));
        clients(service, source);
        return source.file(
                TYPE,
                "The method descriptors of {@code " + service.fullName()
                        + "}, its bindings for a server, and its clients.",
                service.hasDeprecatedMessages() || service.hasDeprecatedMethods());
    }

    private static void clients(Service service, JavaSource source) {
        if (service.rpcs().isEmpty()) {
            Template anonymous = Template.of("$GreeterClient() {}");
            Template asyncAnonymous = Template.of("$GreeterAsyncClient() {}");
            source.with("newClient", source.fill(anonymous).strip())
                    .with("newAsyncClient", source.fill(asyncAnonymous).strip());
            source.with("client", "").with("asyncClient", "");
            return;
        }
        source.with("newClient", nestedName("Client", service) + "(channel)");
        source.with("newAsyncClient", nestedName("AsyncClient", service) + "(channel)");
        source.with("methods", String.join("\n\n", source.fillEach(CLIENT_METHODS::of)));
        source.with("client", source.fill(CLIENT));
        source.with("methods", String.join("\n\n", source.fillEach(ASYNC_CLIENT_METHODS::of)));
        source.with("asyncClient", source.fill(ASYNC_CLIENT));
    }

    /** In an expression a constant hides a class of the same name. */
    private static Set<String> constants(Service service) {
        Set<String> constants = new HashSet<>(Set.of(NameClashes.SERVICE_NAME));
        service.rpcs().forEach(rpc -> constants.add(rpc.constant()));
        return constants;
    }

    /** The name of a nested class that hides none of the classes that the file names. It is private: nobody sees it. */
    private static String nestedName(String name, Service service) {
        Set<String> used = new HashSet<>();
        service.generated().forEach(type -> used.add(type.name()));
        for (Rpc rpc : service.rpcs()) {
            used.addAll(List.of(rpc.request().head(), rpc.request().fileClass()));
            used.addAll(List.of(rpc.reply().head(), rpc.reply().fileClass()));
        }
        String free = name;
        while (used.contains(free)) {
            free += "_";
        }
        return free;
    }

    private static String listed(List<String> constants) {
        String line = String.join(", ", constants);
        return line.length() <= 80 ? line : "\n" + String.join(",\n", constants);
    }

    private static String chained(List<String> calls) {
        return calls.stream().map(call -> "\n" + call).collect(Collectors.joining());
    }
}
