package dev.ttrpc.spring.boot.autoconfigure.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.server.ServerCall;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.spring.GlobalTtrpcServerInterceptor;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.TtrpcInterceptorOrder;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.server.TtrpcServerAutoConfiguration;
import dev.ttrpc.spring.greeter.Greeter;
import dev.ttrpc.spring.greeter.GreeterAsync;
import dev.ttrpc.spring.greeter.GreeterClient;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;

@Timeout(60)
class TtrpcObservationAutoConfigurationTests {
    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TtrpcTransportAutoConfiguration.class,
                    TtrpcServerAutoConfiguration.class,
                    TtrpcClientAutoConfiguration.class,
                    TtrpcServerObservationAutoConfiguration.class,
                    TtrpcClientObservationAutoConfiguration.class))
            .withBean(GreeterEndpoint.class)
            .withPropertyValues(
                    "ttrpc.server.socket.main.address=in-process:observed",
                    "ttrpc.client.channel.own.address=in-process:observed");

    private final ApplicationContextRunner runner = bare.withBean(ObservationRegistry.class, () -> registry);

    @Test
    void aCallIsObservedOnBothSides() {
        run(runner, client -> {
            assertThat(client.sayHello("x")).isEqualTo("Hello x");
            observed("ttrpc.server")
                    .hasContextualNameEqualTo("test.v1.Greeter/SayHello")
                    .hasLowCardinalityKeyValue("rpc.system.name", "ttrpc")
                    .hasLowCardinalityKeyValue("rpc.method", "test.v1.Greeter/SayHello")
                    .hasLowCardinalityKeyValue("rpc.status_code", "OK")
                    .hasLowCardinalityKeyValue("error.type", "none")
                    .hasLowCardinalityKeyValue("ttrpc.method.type", "unary")
                    .hasLowCardinalityKeyValue("ttrpc.socket", "main")
                    .hasLowCardinalityKeyValue("network.transport", "in-process")
                    .doesNotHaveError();
            observed("ttrpc.client")
                    .hasContextualNameEqualTo("test.v1.Greeter/SayHello")
                    .hasLowCardinalityKeyValue("rpc.status_code", "OK")
                    .hasLowCardinalityKeyValue("error.type", "none")
                    .hasLowCardinalityKeyValue("ttrpc.channel", "own")
                    .hasLowCardinalityKeyValue("server.address", "in-process:observed")
                    .hasLowCardinalityKeyValue("server.port", "none")
                    .hasLowCardinalityKeyValue("network.transport", "in-process")
                    .doesNotHaveError();
        });
    }

    @Test
    void everyDocumentedKeyIsThereAndNoOther() {
        run(runner, client -> {
            client.sayHello("x");
            observed("ttrpc.server").hasOnlyKeys(names(TtrpcObservationDocumentation.SERVER));
            observed("ttrpc.client").hasOnlyKeys(names(TtrpcObservationDocumentation.CLIENT));
        });
    }

    /** The defect of the neighbours: an exception that an interceptor turns into a status is measured as UNKNOWN. */
    @Test
    void whenAnInterceptorMapsTheFailureTheObservationHasTheMappedStatus() {
        run(runner.withBean(Mapping.class), client -> {
            assertThatExceptionOfType(TtrpcException.class)
                    .isThrownBy(() -> client.sayHello("bad"))
                    .satisfies(failure ->
                            assertThat(failure.status()).isEqualTo(Status.INVALID_ARGUMENT.withDescription("bad")));
            observed("ttrpc.server")
                    .hasLowCardinalityKeyValue("rpc.status_code", "INVALID_ARGUMENT")
                    .hasLowCardinalityKeyValue("error.type", "none");
            observed("ttrpc.client")
                    .hasLowCardinalityKeyValue("rpc.status_code", "INVALID_ARGUMENT")
                    .hasLowCardinalityKeyValue("error.type", "INVALID_ARGUMENT")
                    .hasError();
        });
    }

    @Test
    void whenAnInterceptorCatchesTheFailureTheObservationHasTheStatusItEndsWith() {
        run(runner.withBean(Catching.class), client -> {
            assertThatExceptionOfType(TtrpcException.class).isThrownBy(() -> client.sayHello("bad"));
            observed("ttrpc.server").hasLowCardinalityKeyValue("rpc.status_code", "NOT_FOUND");
        });
    }

    @Test
    void whenTheHandlerFailsUnexpectedlyTheObservationSaysUnknown() {
        run(runner, client -> {
            assertThatExceptionOfType(TtrpcException.class).isThrownBy(() -> client.sayHello("bad"));
            observed("ttrpc.server")
                    .hasLowCardinalityKeyValue("rpc.status_code", "UNKNOWN")
                    .hasLowCardinalityKeyValue("error.type", "UNKNOWN");
        });
    }

    @Test
    void aStreamIsObservedUntilItsEnd() {
        run(runner, client -> {
            MessageReader<String> replies = client.repeat("x", CallOptions.DEFAULT);
            assertThat(replies).containsExactly("x", "x");
            observed("ttrpc.server")
                    .hasLowCardinalityKeyValue("ttrpc.method.type", "server_streaming")
                    .hasLowCardinalityKeyValue("rpc.status_code", "OK");
        });
    }

    @Test
    void anAsyncCallIsObservedUntilItsStageEnds() {
        ApplicationContextRunner async = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        TtrpcTransportAutoConfiguration.class,
                        TtrpcServerAutoConfiguration.class,
                        TtrpcClientAutoConfiguration.class,
                        TtrpcServerObservationAutoConfiguration.class))
                .withBean(AsyncEndpoint.class)
                .withBean(ObservationRegistry.class, () -> registry)
                .withPropertyValues(
                        "ttrpc.server.socket.main.address=in-process:observed",
                        "ttrpc.client.channel.own.address=in-process:observed");
        run(async, client -> {
            assertThatExceptionOfType(TtrpcException.class).isThrownBy(() -> client.sayHello("x"));
            observed("ttrpc.server").hasLowCardinalityKeyValue("rpc.status_code", "ABORTED");
        });
    }

    @Test
    void theObservationIsCurrentInTheHandler() {
        run(runner, client -> {
            client.sayHello("x");
            assertThat(GreeterEndpoint.current).isNotNull();
            assertThat(GreeterEndpoint.current.getContext().getName()).isEqualTo("ttrpc.server");
        });
    }

    @Test
    void theCallersObservationIsTheParentOfTheClients() {
        run(runner, client -> {
            Observation.createNotStarted("outer", registry).observe(() -> client.sayHello("x"));
            observed("ttrpc.client")
                    .hasParentObservationContextMatching(
                            parent -> parent.getName().equals("outer"));
        });
    }

    @Test
    void whatATracerPutsOnTheClientsCallTheServersTracerFinds() {
        registry.observationConfig().observationHandler(new Propagation());
        run(runner, client -> {
            client.sayHello("x");
            assertThat(GreeterEndpoint.traceparent).isEqualTo("00-trace-span-01");
            observed("ttrpc.server").hasHighCardinalityKeyValue("found", "00-trace-span-01");
        });
    }

    @Test
    void whenTheApplicationHasAConventionThatOneIsUsed() {
        TtrpcServerObservationConvention own = new DefaultTtrpcServerObservationConvention() {
            @Override
            public String getName() {
                return "own.server";
            }
        };
        run(runner.withBean(TtrpcServerObservationConvention.class, () -> own), client -> {
            client.sayHello("x");
            observed("own.server").hasLowCardinalityKeyValue("rpc.status_code", "OK");
        });
    }

    @Test
    void whenDisabledThereIsNoInterceptor() {
        runner.withPropertyValues("ttrpc.server.observation.enabled=false", "ttrpc.client.observation.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ObservationServerInterceptor.class)
                        .doesNotHaveBean(ObservationClientInterceptor.class));
    }

    @Test
    void whenThereIsNoRegistryThereIsNoInterceptor() {
        bare.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ObservationServerInterceptor.class)
                .doesNotHaveBean(ObservationClientInterceptor.class));
    }

    @Test
    void whenBootConfiguresTheRegistryItIsUsed() {
        bare.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(ObservationServerInterceptor.class)
                        .hasSingleBean(ObservationClientInterceptor.class));
    }

    @Test
    void whenMicrometerIsMissingServingAndCallingWork() {
        run(
                bare.withClassLoader(new FilteredClassLoader("io.micrometer")),
                client -> assertThat(client.sayHello("x")).isEqualTo("Hello x"));
    }

    private static void run(ApplicationContextRunner runner, Consumer<GreeterClient> test) {
        runner.run(
                context -> test.accept(context.getBean(TtrpcClientFactory.class).create("own", GreeterClient.class)));
    }

    /** The server's observation may end a moment after the client has its answer. */
    private TestObservationRegistryAssert.TestObservationRegistryAssertReturningObservationContextAssert observed(
            String name) {
        await().untilAsserted(() -> TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(name)
                .that()
                .hasBeenStopped());
        return TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(name)
                .that();
    }

    private static String[] names(TtrpcObservationDocumentation documentation) {
        return Stream.of(documentation.getLowCardinalityKeyNames(), documentation.getHighCardinalityKeyNames())
                .flatMap(Arrays::stream)
                .map(key -> key.asString())
                .toArray(String[]::new);
    }

    @TtrpcEndpoint
    static class GreeterEndpoint implements Greeter {
        static volatile Observation current;
        static volatile String traceparent;
        private final Optional<ObservationRegistry> registry;

        GreeterEndpoint(Optional<ObservationRegistry> registry) {
            this.registry = registry;
        }

        @Override
        public String sayHello(String request) {
            current = registry.map(ObservationRegistry::getCurrentObservation).orElse(null);
            traceparent = CallContext.current().metadata().get("traceparent");
            if (request.equals("bad")) {
                throw new IllegalArgumentException(request);
            }
            return "Hello " + request;
        }

        @Override
        public void repeat(String request, MessageWriter<String> responses) {
            responses.write(request);
            responses.write(request);
        }
    }

    @TtrpcEndpoint
    static class AsyncEndpoint implements GreeterAsync {
        @Override
        public CompletionStage<String> sayHello(String request) {
            return CompletableFuture.supplyAsync(() -> {
                throw Status.ABORTED.asException();
            });
        }
    }

    @GlobalTtrpcServerInterceptor
    @Order(TtrpcInterceptorOrder.EXCEPTION_HANDLING)
    static class Mapping implements ServerInterceptor {
        @Override
        public void intercept(ServerCall call, Next next) throws Exception {
            call.mapFailure(failure -> Status.INVALID_ARGUMENT
                    .withDescription(failure.getMessage())
                    .asException());
            next.proceed(call);
        }
    }

    @GlobalTtrpcServerInterceptor
    static class Catching implements ServerInterceptor {
        @Override
        public void intercept(ServerCall call, Next next) throws Exception {
            try {
                next.proceed(call);
            } catch (IllegalArgumentException e) {
                call.end(Status.NOT_FOUND);
            }
        }
    }

    /** Does what a tracer does, with a fixed trace. */
    static class Propagation implements ObservationHandler<Observation.Context> {
        @Override
        public void onStart(Observation.Context context) {
            if (context instanceof SenderContext<?> sender) {
                inject(sender);
            } else if (context instanceof ReceiverContext<?> receiver) {
                extract(receiver);
            }
        }

        private static <C> void inject(SenderContext<C> context) {
            context.getSetter().set(context.getCarrier(), "traceparent", "00-trace-span-01");
        }

        private static <C> void extract(ReceiverContext<C> context) {
            context.addHighCardinalityKeyValue(
                    KeyValue.of("found", context.getGetter().get(context.getCarrier(), "traceparent")));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
