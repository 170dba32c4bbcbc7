package dev.ttrpc.spring.boot.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import dev.ttrpc.MessageWriter;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcContract;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.spring.greeter.Greeter;
import dev.ttrpc.spring.greeter.GreeterAsync;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class TtrpcServerAutoConfigurationTests {
    private static final String SOCKET = "ttrpc.server.socket.main.address=in-process:server-tests";

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TtrpcTransportAutoConfiguration.class, TtrpcServerAutoConfiguration.class));

    private final ApplicationContextRunner runner =
            bare.withBean(GreeterEndpoint.class).withPropertyValues(SOCKET);

    @Test
    void whenThereIsAnEndpointAndASocketItIsServed() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(TtrpcServerFactory.class).hasSingleBean(TtrpcServerExecutor.class);
            assertThat(context.getBean(TtrpcSockets.class).find("MAIN"))
                    .isEqualTo(TtrpcAddress.parse("in-process:server-tests"));
            assertThat(context.getEnvironment().getProperty("local.ttrpc.server.main.address"))
                    .isEqualTo("in-process:server-tests");
            assertThat(context.getEnvironment().getProperty("local.ttrpc.server.address"))
                    .isEqualTo("in-process:server-tests");
        });
    }

    @Test
    void whenTheCoreIsMissingNothingIsConfigured() {
        bare.withClassLoader(new FilteredClassLoader(TtrpcServer.class, TransportResources.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TtrpcSockets.class));
    }

    @Test
    void whenThereIsNoEndpointNothingIsConfigured() {
        bare.withPropertyValues(SOCKET).run(context -> assertThat(context).doesNotHaveBean(TtrpcSockets.class));
    }

    @Test
    void whenDisabledNothingIsConfigured() {
        runner.withPropertyValues("ttrpc.server.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(TtrpcSockets.class));
    }

    @Test
    void whenShutdownIsImmediateNothingDrains() {
        runner.run(context -> assertThat(context).hasSingleBean(TtrpcServerGracefulShutdownLifecycle.class));
        runner.withPropertyValues("ttrpc.server.shutdown=immediate")
                .run(context -> assertThat(context).doesNotHaveBean(TtrpcServerGracefulShutdownLifecycle.class));
    }

    @Test
    void whenTheApplicationHasAFactoryThatOneIsUsed() throws Exception {
        TtrpcServerFactory factory = mock();
        TtrpcServer server = server();
        given(factory.create(any(), any())).willReturn(server);
        runner.withBean(TtrpcServerFactory.class, () -> factory).run(context -> {
            assertThat(context).doesNotHaveBean(ConfiguredServerFactory.class);
            verify(factory).create("main", TtrpcAddress.parse("in-process:server-tests"));
            verify(server).start();
            verify(server, never()).close();
        });
        verify(server).close();
    }

    @Test
    void whenThereAreCustomizersTheyAreCalledForEachSocket() {
        TtrpcServerCustomizer customizer = mock();
        runner.withBean(TtrpcServerCustomizer.class, () -> customizer)
                .withPropertyValues("ttrpc.server.socket.other.address=in-process:server-tests-2")
                .run(context -> {
                    verify(customizer).customize(eq("main"), any());
                    verify(customizer).customize(eq("other"), any());
                });
    }

    @Test
    void whenAnEndpointIsAFactoryMethodItIsServed() {
        bare.withUserConfiguration(ByMethod.class)
                .withPropertyValues(SOCKET)
                .run(context -> assertThat(new TtrpcEndpointDiscoverer(context).discover())
                        .extracting(TtrpcEndpointBean::name)
                        .containsExactly("async", "definition"));
    }

    @Test
    void whenNoSocketIsConfiguredTheStartFailsWithTheYaml() {
        FailureAnalysis analysis = failure(bare.withBean(GreeterEndpoint.class));
        assertThat(analysis.getDescription())
                .isEqualTo("The application has a @TtrpcEndpoint but no socket to serve it on.");
        assertThat(analysis.getAction()).contains("    ttrpc.server.socket:\n      main:\n        address: unix:///");
    }

    @Test
    void whenABeanImplementsNoContractTheStartFails() {
        assertThat(failure(runner.withBean("plain", NoContract.class)).getDescription())
                .startsWith("Bean 'plain' of type ")
                .endsWith("NoContract is a @TtrpcEndpoint but implements no generated contract.");
    }

    @Test
    void whenABeanImplementsTwoContractsOfOneServiceTheStartFails() {
        assertThat(failure(bare.withBean("both", Both.class).withPropertyValues(SOCKET))
                        .getDescription())
                .contains(
                        "Bean 'both'",
                        "two contracts of one service",
                        Ticker.class.getName(),
                        TickerAsync.class.getName());
    }

    @Test
    void whenAServiceIsServedTwiceOnASocketTheStartFailsNamingBothBeans() {
        assertThat(failure(bare.withBean("first", GreeterEndpoint.class)
                                .withBean("second", GreeterEndpoint.class)
                                .withPropertyValues(SOCKET))
                        .getDescription())
                .isEqualTo(
                        "Service test.v1.Greeter is served twice on socket 'main': by bean 'first' and by bean 'second'.");
    }

    @Test
    void whenEachSocketHasItsOwnEndpointOfAServiceBothAreServed() {
        bare.withBean(OnOther.class)
                .withBean(OnMain.class)
                .withPropertyValues(SOCKET, "ttrpc.server.socket.other-one.address=in-process:server-tests-2")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void whenAnEndpointNamesAnUnknownSocketTheStartFailsWithTheKnownOnes() {
        FailureAnalysis analysis = failure(bare.withBean("stray", OnOther.class).withPropertyValues(SOCKET));
        assertThat(analysis.getDescription())
                .isEqualTo(
                        "Bean 'stray' is to be served on the socket 'otherOne', which is not configured. Configured are: main.");
        assertThat(analysis.getAction()).contains("ttrpc.server.socket.otherOne.address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttrpc.server.socket.main.address=nonsense | ttrpc.server.socket.main.address",
                "ttrpc.server.socket.main.address= | ttrpc.server.socket.main.address",
                "ttrpc.server.socket-defaults.address=unix:///run/x | ttrpc.server.socket.<name>.address",
                "ttrpc.server.socket.main.tcp.backlog=3 | ttrpc.server.socket.main.tcp",
                "ttrpc.server.socket.main.unix.owner=me | ttrpc.server.socket.main.unix",
                "ttrpc.server.socket.main.message.max-size=1B | ttrpc.server.socket.main",
                "ttrpc.server.socket.main.message.max-size=16MB | ttrpc.server.socket.main",
                "ttrpc.server.socket.main.flow.receive-budget=5MB | ttrpc.server.socket.main"
            })
    void whenASettingIsWrongTheStartFailsNamingTheKey(String property, String key) {
        FailureAnalysis analysis = failure(runner.withPropertyValues(property));
        assertThat(analysis.getAction()).contains(key);
    }

    @Test
    void whenPermissionsAreABareNumberTheStartFailsWithTheWayToWriteThem() {
        FailureAnalysis analysis = failure(bare.withBean(GreeterEndpoint.class)
                .withPropertyValues(
                        "ttrpc.server.socket.main.address=unix:///nowhere/x.sock",
                        "ttrpc.server.socket.main.unix.permissions=432"));
        assertThat(analysis.getDescription()).contains("ttrpc.server.socket.main.unix.permissions", "432", "YAML");
        assertThat(analysis.getAction()).contains("rw-rw----", "\"0660\"");
    }

    @Test
    void whenPeersAreCheckedOnTcpTheStartFailsNamingBothKeys() {
        FailureAnalysis analysis = failure(bare.withBean(GreeterEndpoint.class)
                .withPropertyValues(
                        "ttrpc.server.socket.main.address=tcp://127.0.0.1:0",
                        "ttrpc.server.socket-defaults.peer.require=same-user"));
        assertThat(analysis.getDescription())
                .contains("ttrpc.server.socket.main.peer", "ttrpc.server.socket.main.address", "tcp://127.0.0.1:0");
    }

    static FailureAnalysis failure(ApplicationContextRunner runner) {
        List<FailureAnalysis> analyses = new ArrayList<>();
        runner.run(context -> analyses.add(analyzed(context.getStartupFailure()).analysis()));
        return analyses.get(0);
    }

    private static FailureAnalyzedException analyzed(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed;
            }
        }
        throw new AssertionError("no FailureAnalyzedException", thrown);
    }

    private static TtrpcServer server() throws Exception {
        TtrpcServer server = mock();
        given(server.addresses()).willReturn(List.of(TtrpcAddress.parse("in-process:server-tests")));
        given(server.shutdown(any(Duration.class))).willReturn(CompletableFuture.completedFuture(0));
        return server;
    }

    @TtrpcEndpoint
    static class GreeterEndpoint implements Greeter {}

    @TtrpcEndpoint(sockets = "otherOne")
    static class OnOther implements Greeter {}

    @TtrpcEndpoint(sockets = "main")
    static class OnMain implements GreeterAsync {}

    @TtrpcEndpoint
    static class NoContract {}

    @TtrpcEndpoint
    static class Both implements Ticker, TickerAsync {}

    /** A service of streams only: a class can implement both of its contracts. */
    @TtrpcContract(TickerTtrpc.class)
    interface Ticker {
        default void tick(String request, MessageWriter<String> responses) {}
    }

    @TtrpcContract(TickerTtrpc.class)
    interface TickerAsync {
        default Flow.Publisher<String> tick(String request) {
            throw new UnsupportedOperationException();
        }
    }

    static final class TickerTtrpc {
        static ServiceDefinition bind(Ticker service, Consumer<ServiceDefinition.Builder> options) {
            return ServiceDefinition.builder("test.v1.Ticker").build();
        }

        static ServiceDefinition bind(TickerAsync service, Consumer<ServiceDefinition.Builder> options) {
            return ServiceDefinition.builder("test.v1.Ticker").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByMethod {
        @TtrpcEndpoint
        GreeterAsync async() {
            return new GreeterAsync() {};
        }

        @TtrpcEndpoint(sockets = {})
        ServiceDefinition definition() {
            return ServiceDefinition.builder("test.v1.Other").build();
        }
    }
}
