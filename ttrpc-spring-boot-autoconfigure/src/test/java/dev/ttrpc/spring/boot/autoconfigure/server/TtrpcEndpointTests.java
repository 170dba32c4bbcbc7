package dev.ttrpc.spring.boot.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.server.ServerCall;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.spring.GlobalTtrpcClientInterceptor;
import dev.ttrpc.spring.GlobalTtrpcServerInterceptor;
import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientAutoConfiguration;
import dev.ttrpc.spring.greeter.Greeter;
import dev.ttrpc.spring.greeter.GreeterAsync;
import dev.ttrpc.spring.greeter.GreeterClient;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** What stands between a call and an endpoint's method: threads, proxies and interceptors. */
@Timeout(60)
class TtrpcEndpointTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TtrpcTransportAutoConfiguration.class,
                    TtrpcServerAutoConfiguration.class,
                    TtrpcClientAutoConfiguration.class))
            .withPropertyValues(
                    "ttrpc.server.socket.main.address=in-process:endpoint-main",
                    "ttrpc.server.socket.side.address=in-process:endpoint-side",
                    "ttrpc.client.channel.main.address=in-process:endpoint-main",
                    "ttrpc.client.channel.side.address=in-process:endpoint-side");

    @Test
    void whenVirtualThreadsAreNotEnabledHandlersRunOnThePool() {
        runner.withBean(ThreadEndpoint.class)
                .run(context -> assertThat(call(context, "main")).doesNotContain("virtual"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void whenVirtualThreadsAreEnabledHandlersRunOnThem() {
        runner.withBean(ThreadEndpoint.class)
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(call(context, "main")).startsWith("virtual ttrpc-server-"));
    }

    @Test
    void whenTheServersExecutorIsABeanHandlersRunOnIt() {
        runner.withBean(ThreadEndpoint.class)
                .withUserConfiguration(OwnExecutor.class)
                .withPropertyValues("ttrpc.server.executor.bean=ownExecutor")
                .run(context -> assertThat(call(context, "main")).contains("own-"));
    }

    @Test
    void whenAnEndpointHasAnExecutorItsHandlersRunOnIt() {
        runner.withBean(OwnExecutorEndpoint.class)
                .withUserConfiguration(OwnExecutor.class)
                .run(context -> assertThat(call(context, "main")).contains("own-"));
    }

    @Test
    void whenAnEndpointNeverBlocksItRunsOnTheEventLoop() {
        runner.withBean(NonBlockingEndpoint.class)
                .run(context -> assertThat(call(context, "main"))
                        .isEqualTo("dev.ttrpc.internal.transport.TtrpcEventLoopThread"));
    }

    @Test
    void whenAnEndpointIsAsyncItsStageIsAnswered() {
        runner.withBean(AsyncEndpoint.class)
                .run(context -> assertThat(call(context, "main")).isEqualTo("later x"));
    }

    @Test
    void whenAnEndpointIsBehindAProxyCallsGoThroughIt() {
        runner.withBean(ThreadEndpoint.class)
                .withBean(Exclaiming.class)
                .run(context -> assertThat(call(context, "main")).endsWith("!"));
    }

    @Test
    void globalInterceptorsStandAroundThoseOfTheEndpoint() {
        runner.withUserConfiguration(Interceptors.class)
                .withBean(InterceptedEndpoint.class)
                .run(context -> {
                    call(context, "main");
                    assertThat(context.getBean(Trace.class).steps())
                            .containsExactly("first", "second", "typed", "named");
                });
    }

    @Test
    void blendedInterceptorsAreSortedWithTheGlobalOnes() {
        runner.withUserConfiguration(Interceptors.class)
                .withBean(BlendedEndpoint.class)
                .run(context -> {
                    call(context, "main");
                    assertThat(context.getBean(Trace.class).steps())
                            .containsExactly("named", "first", "second", "typed");
                });
    }

    @Test
    void aGlobalInterceptorOfOneSocketSeesNoOther() {
        runner.withUserConfiguration(Interceptors.class)
                .withBean(ThreadEndpoint.class)
                .run(context -> {
                    call(context, "side");
                    assertThat(context.getBean(Trace.class).steps()).containsExactly("side", "first", "second");
                });
    }

    @Test
    void clientInterceptorsAreGlobalOrOfAChannel() {
        runner.withUserConfiguration(ClientInterceptors.class)
                .withBean(ThreadEndpoint.class)
                .withPropertyValues("ttrpc.client.channel.main.interceptors=ofChannel")
                .run(context -> {
                    call(context, "main");
                    assertThat(context.getBean(Trace.class).steps()).containsExactly("global", "ofMain", "ofChannel");
                    context.getBean(Trace.class).steps().clear();
                    call(context, "side");
                    assertThat(context.getBean(Trace.class).steps()).containsExactly("global");
                });
    }

    @Test
    void aChannelsInterceptorMayHaveAClientOfAnotherChannel() {
        runner.withUserConfiguration(CallingInterceptor.class)
                .withBean(ThreadEndpoint.class)
                .withPropertyValues("ttrpc.client.channel.main.interceptors=calling")
                .run(context -> {
                    call(context, "main");
                    assertThat(context.getBean(Trace.class).steps())
                            .singleElement()
                            .asString()
                            .contains("ttrpc-");
                });
    }

    @Test
    void theMessageOfAnUnexpectedExceptionIsSentOnlyWhereThatIsSet() {
        runner.withBean(FailingEndpoint.class)
                .run(context -> assertThatExceptionOfType(TtrpcException.class)
                        .isThrownBy(() -> call(context, "main"))
                        .satisfies(
                                failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNKNOWN))
                        .satisfies(failure ->
                                assertThat(failure.status().description()).doesNotContain("secret")));
        runner.withBean(FailingEndpoint.class)
                .withPropertyValues("ttrpc.server.error.include-message=always")
                .run(context -> assertThatExceptionOfType(TtrpcException.class)
                        .isThrownBy(() -> call(context, "main"))
                        .satisfies(failure ->
                                assertThat(failure.status().description()).contains("secret")));
    }

    @Test
    void theStatusAnEndpointThrowsReachesTheClient() {
        runner.withBean(RefusingEndpoint.class)
                .run(context -> assertThatExceptionOfType(TtrpcException.class)
                        .isThrownBy(() -> call(context, "main"))
                        .satisfies(failure ->
                                assertThat(failure.status()).isEqualTo(Status.NOT_FOUND.withDescription("no x"))));
    }

    private static String call(ApplicationContext context, String channel) {
        return context.getBean(TtrpcClientFactory.class)
                .create(channel, GreeterClient.class)
                .sayHello("x");
    }

    @TtrpcEndpoint
    static class ThreadEndpoint implements Greeter {
        @Override
        public String sayHello(String request) throws Exception {
            Thread thread = Thread.currentThread();
            boolean virtual = Runtime.version().feature() >= 21
                    && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
            return (virtual ? "virtual " : "platform ") + thread.getName();
        }
    }

    @TtrpcEndpoint(executor = "ownExecutor")
    static class OwnExecutorEndpoint extends ThreadEndpoint {}

    @TtrpcEndpoint(nonBlocking = true)
    static class NonBlockingEndpoint implements Greeter {
        @Override
        public String sayHello(String request) {
            return Thread.currentThread().getClass().getName();
        }
    }

    @TtrpcEndpoint
    static class AsyncEndpoint implements GreeterAsync {
        @Override
        public CompletionStage<String> sayHello(String request) {
            return CompletableFuture.supplyAsync(() -> "later " + request);
        }
    }

    @TtrpcEndpoint
    static class FailingEndpoint implements Greeter {
        @Override
        public String sayHello(String request) {
            throw new IllegalStateException("a secret");
        }
    }

    @TtrpcEndpoint
    static class RefusingEndpoint implements Greeter {
        @Override
        public String sayHello(String request) {
            throw Status.NOT_FOUND.withDescription("no " + request).asException();
        }
    }

    @TtrpcEndpoint(interceptors = Typed.class, interceptorNames = "named")
    static class InterceptedEndpoint extends ThreadEndpoint {}

    @TtrpcEndpoint(interceptors = Typed.class, interceptorNames = "named", blendWithGlobalInterceptors = true)
    static class BlendedEndpoint extends ThreadEndpoint {}

    /** Puts a JDK proxy, which has the interfaces only, before every endpoint. */
    static class Exclaiming implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (!(bean instanceof Greeter)) {
                return bean;
            }
            ProxyFactory proxy = new ProxyFactory(bean);
            proxy.addAdvice((MethodInterceptor) invocation -> invocation.proceed() + "!");
            Object proxied = proxy.getProxy();
            assertThat(Proxy.isProxyClass(proxied.getClass())).isTrue();
            return proxied;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnExecutor {
        @Bean
        Executor ownExecutor() {
            return new SimpleAsyncTaskExecutor("own-");
        }
    }

    record Trace(List<String> steps) {
        ServerInterceptor server(String step) {
            return new Step(step, this);
        }

        ClientInterceptor client(String step) {
            return (call, next) -> {
                steps.add(step);
                next.proceed(call);
            };
        }
    }

    record Step(String name, Trace trace) implements ServerInterceptor {
        @Override
        public void intercept(ServerCall call, Next next) throws Exception {
            trace.steps().add(name);
            next.proceed(call);
        }
    }

    record Typed(Trace trace) implements ServerInterceptor {
        @Override
        public void intercept(ServerCall call, Next next) throws Exception {
            trace.steps().add("typed");
            next.proceed(call);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Interceptors {
        @Bean
        Trace trace() {
            return new Trace(new CopyOnWriteArrayList<>());
        }

        @Bean
        @Order(2)
        @GlobalTtrpcServerInterceptor
        ServerInterceptor second(Trace trace) {
            return trace.server("second");
        }

        @Bean
        @Order(1)
        @GlobalTtrpcServerInterceptor
        ServerInterceptor first(Trace trace) {
            return trace.server("first");
        }

        @Bean
        @Order(0)
        @GlobalTtrpcServerInterceptor(sockets = "SIDE")
        ServerInterceptor side(Trace trace) {
            return trace.server("side");
        }

        @Bean
        Typed typed(Trace trace) {
            return new Typed(trace);
        }

        @Bean
        @Order(-1)
        ServerInterceptor named(Trace trace) {
            return trace.server("named");
        }

        @Bean
        ServerInterceptor unused(Trace trace) {
            return trace.server("unused");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClientInterceptors {
        @Bean
        Trace trace() {
            return new Trace(new CopyOnWriteArrayList<>());
        }

        @Bean
        @Order(2)
        @GlobalTtrpcClientInterceptor(channels = "main")
        ClientInterceptor ofMain(Trace trace) {
            return trace.client("ofMain");
        }

        @Bean
        @Order(1)
        @GlobalTtrpcClientInterceptor
        ClientInterceptor global(Trace trace) {
            return trace.client("global");
        }

        @Bean
        ClientInterceptor ofChannel(Trace trace) {
            return trace.client("ofChannel");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CallingInterceptor {
        @Bean
        Trace trace() {
            return new Trace(new CopyOnWriteArrayList<>());
        }

        @Bean
        ClientInterceptor calling(Trace trace, @TtrpcClient("side") GreeterClient other) {
            return (call, next) -> {
                trace.steps().add(other.sayHello("x"));
                next.proceed(call);
            };
        }
    }
}
