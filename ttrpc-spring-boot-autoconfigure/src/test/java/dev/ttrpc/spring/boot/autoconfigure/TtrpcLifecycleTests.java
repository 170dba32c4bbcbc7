package dev.ttrpc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.TtrpcServerShutdownEvent;
import dev.ttrpc.spring.TtrpcServerStartedEvent;
import dev.ttrpc.spring.TtrpcServerTerminatedEvent;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.server.TtrpcServerAutoConfiguration;
import dev.ttrpc.spring.greeter.Greeter;
import dev.ttrpc.spring.greeter.GreeterAsyncClient;
import dev.ttrpc.spring.greeter.GreeterClient;
import dev.ttrpc.spring.greeter.GreeterTtrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/** A whole application on a unix socket: from its start, through drains and restarts, to its end. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TtrpcLifecycleTests {
    private static final String AWAIT_THREAD = "ttrpc-server-await";

    @TempDir
    Path directory;

    @Test
    void whenStartedEndpointsAndClientsOfTheApplicationMeet() {
        runner().run(context -> {
            assertThat(context.getBean(Caller.class).blocking.sayHello("you")).isEqualTo("Hello you");
            assertThat(context.getBean(Caller.class).async.sayHello("you").join())
                    .isEqualTo("Hello you");
            assertThat(context.getEnvironment().getProperty("local.ttrpc.server.main.address"))
                    .isEqualTo("unix://" + socket());
        });
        assertThat(socket()).doesNotExist();
    }

    @Test
    void eventsTellOfTheStartTheDrainAndTheEnd() {
        List<Object> events = new CopyOnWriteArrayList<>();
        runner().withBean(Listener.class, () -> new Listener(events))
                .run(context -> assertThat(events).hasExactlyElementsOfTypes(TtrpcServerStartedEvent.class));
        assertThat(events)
                .hasExactlyElementsOfTypes(
                        TtrpcServerStartedEvent.class,
                        TtrpcServerShutdownEvent.class,
                        TtrpcServerTerminatedEvent.class);
        assertThat((TtrpcServerTerminatedEvent) events.get(2))
                .satisfies(event -> assertThat(event.socket()).isEqualTo("main"))
                .satisfies(event -> assertThat(event.address()).hasToString("unix://" + socket()));
    }

    @Test
    void anApplicationWithoutWebServerStaysUp() {
        runner().run(context -> assertThat(awaitThreads()).hasSize(1).allMatch(thread -> !thread.isDaemon()));
        await().untilAsserted(() -> assertThat(awaitThreads()).isEmpty());
    }

    @Test
    void whenClosedNothingKeepsTheJvmUp() {
        runner().run(context -> assertThat(
                        context.getBean(Caller.class).blocking.sayHello("you"))
                .isEqualTo("Hello you"));
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !thread.isDaemon())
                .extracting(Thread::getName)
                .filteredOn(name -> name.startsWith("ttrpc") || name.startsWith("globalEventExecutor"))
                .isEmpty());
    }

    @Test
    void whenClosedWhileACallRunsTheCallEndsWell() {
        runner().run(context -> {
            GreeterEndpoint endpoint = context.getBean(GreeterEndpoint.class);
            CompletableFuture<String> call = context.getBean(Caller.class).async.sayHello("wait");
            endpoint.begun.await();
            CompletableFuture<Void> closed = closeOnAThread(context);
            await().until(() -> endpoint.context != null && endpoint.context.isDraining());
            assertThat(closed).isNotDone();
            endpoint.mayEnd.countDown();
            assertThat(call.join()).isEqualTo("Hello wait");
            closed.join();
        });
    }

    @Test
    void whenClosedAStreamMayEndWellAsTheDrainBegins() {
        runner().run(context -> {
            MessageReader<String> stream =
                    context.getBean(Caller.class).blocking.repeat("on", CallOptions.DEFAULT);
            assertThat(stream.read()).isEqualTo("on");
            CompletableFuture<Void> closed = closeOnAThread(context);
            assertThat(stream.read()).isNull();
            closed.join();
        });
    }

    @Test
    void whenACallOutlastsThePhaseItIsCutOffAndThatIsLogged(CapturedOutput output) {
        runner().withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=300ms")
                .run(context -> {
                    GreeterEndpoint endpoint = context.getBean(GreeterEndpoint.class);
                    CompletableFuture<String> call =
                            context.getBean(Caller.class).async.sayHello("wait");
                    endpoint.begun.await();
                    long begin = System.nanoTime();
                    source(context).close();
                    assertThat(Duration.ofNanos(System.nanoTime() - begin))
                            .isBetween(Duration.ofMillis(250), Duration.ofSeconds(20)); // and not the 30 s by default
                    assertThat(endpoint.context.isCancelled()).isTrue();
                    assertThat(call).failsWithin(Duration.ofSeconds(10));
                    endpoint.mayEnd.countDown();
                });
        assertThat(output).contains("ttrpc socket 'main' has cut off 1 call that did not end in time");
    }

    @Test
    void whenShutdownIsImmediateRunningCallsAreCutOffAtOnce() {
        runner().withPropertyValues("ttrpc.server.shutdown=immediate").run(context -> {
            GreeterEndpoint endpoint = context.getBean(GreeterEndpoint.class);
            CompletableFuture<String> call = context.getBean(Caller.class).async.sayHello("wait");
            endpoint.begun.await();
            source(context).close();
            assertThat(call).failsWithin(Duration.ofSeconds(10));
            endpoint.mayEnd.countDown();
        });
    }

    @Test
    void whenStoppedAndStartedAgainItListensAgainAndClientsGoOn() {
        runner().run(context -> {
            GreeterClient client = context.getBean(Caller.class).blocking;
            assertThat(client.sayHello("1")).isEqualTo("Hello 1");
            source(context).stop();
            assertThat(socket()).doesNotExist();
            assertThat(awaitAllGone()).isTrue();
            source(context).start();
            assertThat(socket()).exists();
            assertThat(client.sayHello("2")).isEqualTo("Hello 2");
        });
    }

    @Test
    void whilePausedAnotherApplicationMayHaveTheSocket() {
        runner().run(first -> {
            GreeterClient client = first.getBean(Caller.class).blocking;
            source(first).pause();
            runner().run(second -> assertThat(
                            second.getBean(Caller.class).blocking.sayHello("2"))
                    .isEqualTo("Hello 2"));
            source(first).restart();
            assertThat(client.sayHello("1")).isEqualTo("Hello 1");
        });
    }

    @Test
    void whenStartedAgainOnPortZeroItTakesThePortItHad() {
        runner().withPropertyValues("ttrpc.server.socket.main.address=tcp://127.0.0.1:0")
                .run(context -> {
                    String port = context.getEnvironment().getRequiredProperty("local.ttrpc.server.main.port");
                    assertThat(port).isNotEqualTo("0");
                    assertThat(context.getBean(Caller.class).blocking.sayHello("tcp"))
                            .isEqualTo("Hello tcp");
                    source(context).stop();
                    source(context).start();
                    assertThat(context.getEnvironment().getRequiredProperty("local.ttrpc.server.port"))
                            .isEqualTo(port);
                    assertThat(context.getBean(Caller.class).blocking.sayHello("tcp"))
                            .isEqualTo("Hello tcp");
                });
    }

    @Test
    void whenALiveServerIsOnThePathTheSecondRefusesAndTheFirstServesOn() {
        runner().run(first -> {
            runner().run(second -> {
                FailureAnalysis analysis = analysis(second.getStartupFailure());
                assertThat(analysis.getDescription())
                        .startsWith("Socket 'main' cannot be opened. ")
                        .contains(socket().toString());
                assertThat(analysis.getAction()).contains("ttrpc.server.socket.main.address");
            });
            assertThat(first.getBean(Caller.class).blocking.sayHello("still")).isEqualTo("Hello still");
        });
    }

    @Test
    void whenTheDirectoryIsMissingOrThePathTooLongTheStartFailsWithASentence() {
        String missing = "unix://" + directory.resolve("missing/x.sock");
        String tooLong = "unix://" + directory.resolve("x".repeat(120));
        for (String address : List.of(missing, tooLong)) {
            runner().withPropertyValues("ttrpc.server.socket.main.address=" + address)
                    .run(context -> assertThat(
                                    analysis(context.getStartupFailure()).getDescription())
                            .startsWith("Socket 'main' cannot be opened. ")
                            .contains(address));
        }
    }

    @Test
    void whenTheSchemeIsNotSupportedTheStartFailsWithASentence() {
        runner().withPropertyValues("ttrpc.server.socket.main.address=npipe:////./pipe/x")
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .startsWith("Socket 'main' ")
                        .contains("npipe"));
    }

    @Test
    void whenOneOfSeveralSocketsCannotBeOpenedNoneIs() {
        runner().withPropertyValues("ttrpc.server.socket.zzz.address=unix://" + directory.resolve("missing/x.sock"))
                .run(context -> assertThat(context).hasFailed());
        assertThat(socket()).doesNotExist();
    }

    @Test
    void whenPermissionsAreSetTheFileHasThem() {
        runner().withPropertyValues("ttrpc.server.socket.main.unix.permissions=rw-rw----")
                .run(context ->
                        assertThat(Files.getPosixFilePermissions(socket())).hasSize(4));
    }

    @Test
    void whenTheSameUserIsRequiredItIsServed() {
        runner().withPropertyValues("ttrpc.server.socket.main.peer.require=same-user")
                .run(context -> assertThat(
                                context.getBean(Caller.class).blocking.sayHello("me"))
                        .isEqualTo("Hello me"));
    }

    @Test
    void whenARequiredChannelCannotConnectTheStartFailsWithASentence() {
        runner().withPropertyValues(
                        "ttrpc.client.channel.absent.address=unix://" + directory.resolve("absent.sock"),
                        "ttrpc.client.channel.absent.connect=required")
                .run(context -> {
                    FailureAnalysis analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .startsWith("Channel 'absent' is required at the start but cannot connect to unix://")
                            .contains("absent.sock");
                    assertThat(analysis.getAction()).contains("ttrpc.client.channel.absent.connect");
                });
        assertThat(socket()).doesNotExist();
    }

    @Test
    void whenAnEagerChannelCannotConnectThatIsLoggedOnly(CapturedOutput output) {
        runner().withPropertyValues(
                        "ttrpc.client.channel.absent.address=unix://" + directory.resolve("absent.sock"),
                        "ttrpc.client.channel.absent.connect=eager")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    await().untilAsserted(
                                    () -> assertThat(output).contains("ttrpc channel 'absent' could not connect to"));
                });
    }

    @Test
    void whenTheServerIsAbsentACallFailsNamingTheAddress() {
        String absent = "unix://" + directory.resolve("absent.sock");
        runner().run(context -> {
            GreeterClient client = context.getBean(TtrpcClientFactory.class).create(absent, GreeterClient.class);
            assertThatExceptionOfType(TtrpcException.class)
                    .isThrownBy(() -> client.sayHello("x"))
                    .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE))
                    .withMessageContaining(absent);
        });
    }

    @Test
    void callbacksOfAsyncClientsMayWait() {
        runner().run(context -> {
            Caller caller = context.getBean(Caller.class);
            assertThat(caller.async
                            .sayHello("1")
                            .thenApply(reply -> caller.blocking.sayHello(
                                    Thread.currentThread().getName()))
                            .join())
                    .startsWith("Hello ttrpc-callback-");
        });
    }

    @Test
    void aChannelForAnAddressIsMadeOnceAndAgainAfterItsEnd() {
        runner().run(context -> {
            TtrpcChannelFactory channels = context.getBean(TtrpcChannelFactory.class);
            TtrpcChannel channel = channels.get("unix:" + socket());
            assertThat(channels.get("unix://" + socket())).isSameAs(channel);
            assertThat(GreeterTtrpc.client(channel).sayHello("x")).isEqualTo("Hello x");
            channels.close("unix://" + socket());
            assertThatExceptionOfType(TtrpcException.class)
                    .isThrownBy(() -> GreeterTtrpc.client(channel).sayHello("x"));
            assertThat(channels.get("unix://" + socket())).isNotSameAs(channel);
        });
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LifecycleAutoConfiguration.class,
                        TtrpcTransportAutoConfiguration.class,
                        TtrpcServerAutoConfiguration.class,
                        TtrpcClientAutoConfiguration.class))
                .withBean(GreeterEndpoint.class)
                .withBean(Caller.class)
                .withPropertyValues(
                        "ttrpc.server.socket.main.address=unix://" + socket(), "ttrpc.client.channel.own.socket=main");
    }

    private Path socket() {
        return directory.resolve("main.sock");
    }

    private static ConfigurableApplicationContext source(AssertableApplicationContext context) {
        return context.getSourceApplicationContext(ConfigurableApplicationContext.class);
    }

    /** Waits for handlers, and so is none of the few threads of the common pool. */
    private static CompletableFuture<Void> closeOnAThread(AssertableApplicationContext context) {
        return CompletableFuture.runAsync(source(context)::close, task -> new Thread(task).start());
    }

    private static List<Thread> awaitThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(AWAIT_THREAD))
                .toList();
    }

    private static boolean awaitAllGone() {
        await().until(() -> awaitThreads().isEmpty());
        return true;
    }

    private static FailureAnalysis analysis(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed.analysis();
            }
        }
        throw new AssertionError("no FailureAnalyzedException", thrown);
    }

    @TtrpcEndpoint
    static class GreeterEndpoint implements Greeter {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        volatile CallContext context;

        @Override
        public String sayHello(String request) throws Exception {
            if (request.equals("wait")) {
                context = CallContext.current();
                begun.countDown();
                mayEnd.await();
            }
            return "Hello " + request;
        }

        @Override
        public void repeat(String request, MessageWriter<String> responses) throws Exception {
            CountDownLatch drain = new CountDownLatch(1);
            CallContext.current().onDrain(drain::countDown);
            responses.write(request);
            drain.await();
        }
    }

    static class Caller {
        final GreeterClient blocking;
        final GreeterAsyncClient async;

        Caller(@TtrpcClient("own") GreeterClient blocking, @TtrpcClient("own") GreeterAsyncClient async) {
            this.blocking = blocking;
            this.async = async;
        }
    }

    record Listener(List<Object> events) {
        @EventListener
        void started(TtrpcServerStartedEvent event) {
            events.add(event);
        }

        @EventListener
        void shutdown(TtrpcServerShutdownEvent event) {
            events.add(event);
        }

        @EventListener
        void terminated(TtrpcServerTerminatedEvent event) {
            events.add(event);
        }
    }
}
