package dev.ttrpc.verification.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of every generated service, served and called through both kinds of contract. */
class EveryServiceTests {

    static List<GeneratedService> services() throws IOException {
        return GeneratedSources.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void blockingContractIsServedAndCalled(GeneratedService service) throws Exception {
        EchoService echo = new EchoService();
        Object served = echo.as(service.blocking());

        callAll(service, service.blocking(), served, channel -> callBlocking(service, channel));

        assertThat(echo.called()).containsExactlyInAnyOrderElementsOf(namesOf(service.client()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void asyncContractIsServedAndCalled(GeneratedService service) throws Exception {
        EchoService echo = new EchoService();
        Object served = echo.as(service.async());

        callAll(service, service.async(), served, channel -> callAsync(service, channel));

        assertThat(echo.called()).containsExactlyInAnyOrderElementsOf(namesOf(service.asyncClient()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void methodThatIsNotOverriddenIsUnimplementedByItsNameOnTheWire(GeneratedService service) throws Exception {
        for (Class<?> contract : List.of(service.blocking(), service.async())) {
            Object served = Proxy.newProxyInstance(
                    contract.getClassLoader(), new Class<?>[] {contract}, InvocationHandler::invokeDefault);

            callAll(service, contract, served, channel -> {
                Object client = service.client(channel);
                List<String> refused = methodsOf(service.client())
                        .map(method -> failure(client, method).description())
                        .toList();
                assertThat(refused)
                        .containsExactlyInAnyOrderElementsOf(service.methods().stream()
                                .map(MethodDescriptor::name)
                                .map("method "::concat)
                                .toList());
            });
        }
    }

    private static void callAll(GeneratedService service, Class<?> contract, Object served, Calls calls)
            throws Exception {
        String address = "in-process:" + UUID.randomUUID();
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen(address)
                        .service(service.bind(contract, served))
                        .build()
                        .start();
                TtrpcChannel channel = TtrpcChannel.to(address)) {
            assertThat(server.addresses()).hasSize(1);
            calls.make(channel);
        }
    }

    private static void callBlocking(GeneratedService service, TtrpcChannel channel) throws Exception {
        Object client = service.client(channel);
        for (Method method : methodsOf(service.client()).toList()) {
            assertThat(answer(client, method)).as(method.getName()).isEqualTo(replyOf(method));
        }
    }

    private static void callAsync(GeneratedService service, TtrpcChannel channel) throws Exception {
        Object client = service.asyncClient(channel);
        for (Method method : methodsOf(service.asyncClient()).toList()) {
            assertThat(answer(client, method)).as(method.getName()).isEqualTo(replyOf(method));
        }
    }

    /** The one message that a method answers with, whatever its kind. */
    private static Message answer(Object client, Method method) throws Exception {
        Object result = invoke(client, method);
        if (result instanceof CompletableFuture<?> future) {
            return (Message) future.get(10, TimeUnit.SECONDS);
        }
        if (result instanceof Flow.Publisher<?> publisher) {
            return (Message) only(Publishers.collect(publisher).get(10, TimeUnit.SECONDS));
        }
        if (result instanceof UploadCall<?, ?> upload) {
            try (upload) {
                return (Message) upload.finish();
            }
        }
        if (result instanceof DuplexCall<?, ?> duplex) {
            duplex.finish();
        }
        if (result instanceof MessageReader<?> reader) {
            try (reader) {
                Message message = (Message) reader.read();
                assertThat(reader.read()).isNull();
                return message;
            }
        }
        return (Message) result;
    }

    private static Status failure(Object client, Method method) {
        try {
            throw new AssertionError("answered " + answer(client, method));
        } catch (TtrpcException e) {
            assertThat(e.status().code()).isEqualTo(StatusCode.UNIMPLEMENTED);
            return e.status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Object invoke(Object client, Method method) throws Exception {
        Object[] arguments = Arrays.stream(method.getGenericParameterTypes())
                .map(Messages::defaultOf)
                .toArray();
        if (arguments.length == 1 && method.getParameterTypes()[0] == Flow.Publisher.class) {
            arguments[0] = Publishers.of(arguments[0]);
        }
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof TtrpcException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static Message replyOf(Method method) {
        return Messages.replyOf(method.getGenericReturnType());
    }

    private static Object only(List<?> items) {
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    /** The variants without options: they call the others. */
    private static Stream<Method> methodsOf(Class<?> client) {
        return Arrays.stream(client.getMethods()).filter(Method::isDefault);
    }

    private static List<String> namesOf(Class<?> client) {
        return methodsOf(client).map(Method::getName).toList();
    }

    @FunctionalInterface
    private interface Calls {
        void make(TtrpcChannel channel) throws Exception;
    }
}
