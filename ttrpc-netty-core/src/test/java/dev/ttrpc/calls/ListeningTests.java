package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.ListenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several addresses of one server, given before and after its start. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class ListeningTests {
    private static final String ADMIN = "test.Admin";
    private static final MethodDescriptor<String, String> WHO =
            MethodDescriptor.unary(ADMIN, "Who", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final ServiceDefinition ADMIN_SERVICE = ServiceDefinition.builder(ADMIN)
            .unary(WHO, text -> Thread.currentThread().getName())
            .build();
    private static final TtrpcAddress ANY_PORT = TtrpcAddress.parse("tcp://127.0.0.1:0");

    private final List<AutoCloseable> closed = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    private TtrpcServer start(TtrpcServer.Builder builder) throws IOException {
        TtrpcServer server = builder.build();
        closed.add(server);
        return server.start();
    }

    private TtrpcServer start() throws IOException {
        return start(
                TtrpcServer.builder().listen(ANY_PORT, ListenOptions.DEFAULT).service(Texts.blocking()));
    }

    private TtrpcChannel connect(TtrpcAddress address) {
        TtrpcChannel channel = TtrpcChannel.builder().address(address).build();
        closed.add(channel);
        return channel;
    }

    private static void assertUnimplemented(TtrpcChannel channel, MethodDescriptor<String, String> method) {
        TtrpcException refused =
                catchThrowableOfType(TtrpcException.class, () -> channel.unary(method, "", CallOptions.DEFAULT));
        assertThat(refused.status()).isEqualTo(Status.UNIMPLEMENTED.withDescription("service " + method.service()));
    }

    private TtrpcAddress unix(String name) {
        return new TtrpcAddress.Unix(directory.resolve(name).toString());
    }

    @Test
    void anAddressWithServicesOfItsOwnServesOnlyThese() throws Exception {
        TtrpcAddress admin = unix("admin");
        TtrpcServer server = start(TtrpcServer.builder()
                .listen(ANY_PORT, ListenOptions.DEFAULT)
                .listen(admin, ListenOptions.DEFAULT, ADMIN_SERVICE)
                .service(Texts.blocking()));
        assertThat(server.addresses()).hasSize(2).contains(admin);
        TtrpcChannel common = connect(server.addresses().get(0));
        TtrpcChannel own = connect(admin);
        assertThat(common.unary(Texts.ECHO, "hi", CallOptions.DEFAULT)).isEqualTo("hi");
        assertThat(own.unary(WHO, "", CallOptions.DEFAULT)).startsWith("ttrpc-handler-");
        assertUnimplemented(common, WHO);
        assertUnimplemented(own, Texts.ECHO);
    }

    @Test
    void interceptorsOfTheServerStandAroundServicesOfAnAddressToo() throws Exception {
        List<String> seen = new ArrayList<>();
        TtrpcServer server = start(TtrpcServer.builder()
                .listen(ANY_PORT, ListenOptions.DEFAULT, ADMIN_SERVICE)
                .intercept((call, next) -> {
                    seen.add(call.method().fullName());
                    next.proceed(call);
                }));
        connect(server.addresses().get(0)).unary(WHO, "", CallOptions.DEFAULT);
        assertThat(seen).containsExactly("test.Admin/Who");
    }

    @Test
    void servicesOfAnAddressKeepTheirExecutor() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(task -> new Thread(task, "own"));
        closed.add(own::shutdownNow);
        ServiceDefinition service = ServiceDefinition.builder(ADMIN)
                .unary(WHO, text -> Thread.currentThread().getName())
                .executor(own)
                .build();
        TtrpcServer server = start();
        TtrpcAddress late = server.listen(unix("late"), ListenOptions.DEFAULT, service);
        assertThat(connect(late).unary(WHO, "", CallOptions.DEFAULT)).isEqualTo("own");
    }

    @Test
    void aStartedServerListensOnMoreAddresses() throws Exception {
        TtrpcServer server = start();
        TtrpcAddress second = server.listen(ANY_PORT, ListenOptions.DEFAULT);
        TtrpcAddress third = server.listen(unix("third"), ListenOptions.DEFAULT, ADMIN_SERVICE);
        assertThat(((TtrpcAddress.Tcp) second).port()).isPositive();
        assertThat(server.addresses()).hasSize(3).endsWith(second, third);
        assertThat(connect(second).unary(Texts.ECHO, "hi", CallOptions.DEFAULT)).isEqualTo("hi");
        assertUnimplemented(connect(third), Texts.ECHO);
    }

    @Test
    void openConnectionsGoOnWhenTheirAddressIsGivenBack() throws Exception {
        TtrpcServer server = start();
        TtrpcAddress address = server.listen(unix("x"), ListenOptions.DEFAULT);
        DuplexCall<String, String> chat = connect(address).bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        chat.write("before");
        assertThat(chat.read()).isEqualTo("before");
        server.stopListening(address).get(10, TimeUnit.SECONDS);
        assertThat(server.addresses()).doesNotContain(address).hasSize(1);
        assertThat(directory).isEmptyDirectory();
        chat.write("after");
        assertThat(chat.read()).isEqualTo("after");
        assertThatThrownBy(() -> connect(address).unary(Texts.ECHO, "new", CallOptions.DEFAULT))
                .isInstanceOf(TtrpcException.class);
    }

    @Test
    void anAddressThatWasGivenBackIsListenedOnAgain() throws Exception {
        TtrpcServer server = start();
        TtrpcAddress port = server.addresses().get(0);
        TtrpcAddress path = server.listen(unix("x"), ListenOptions.DEFAULT);
        TtrpcAddress name = server.listen(TtrpcAddress.parse("in-process:again"), ListenOptions.DEFAULT);
        for (TtrpcAddress address : List.of(port, path, name)) {
            for (int i = 0; i < 3; i++) {
                server.stopListening(address).get(10, TimeUnit.SECONDS);
                assertThat(server.listen(address, ListenOptions.DEFAULT)).isEqualTo(address);
            }
            assertThat(connect(address).unary(Texts.ECHO, "again", CallOptions.DEFAULT))
                    .isEqualTo("again");
        }
        assertThat(server.addresses()).containsExactlyInAnyOrder(port, path, name);
    }

    @Test
    void anAddressThatIsNotListenedOnIsNamed() throws Exception {
        TtrpcServer server = start();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.stopListening(TtrpcAddress.parse("in-process:other")))
                .withMessage("the server does not listen on in-process:other but on " + server.addresses());
    }

    @Test
    void anAddressInUseLeavesTheOthersAlone() throws Exception {
        TtrpcServer server = start();
        TtrpcAddress first = server.addresses().get(0);
        assertThatThrownBy(() -> server.listen(first, ListenOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(first.toString());
        assertThat(server.addresses()).containsExactly(first);
        assertThat(connect(first).unary(Texts.ECHO, "hi", CallOptions.DEFAULT)).isEqualTo("hi");
    }

    @Test
    void aServiceGivenTwiceToAnAddressIsNamed() throws Exception {
        TtrpcServer server = start();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.listen(ANY_PORT, ListenOptions.DEFAULT, ADMIN_SERVICE, ADMIN_SERVICE))
                .withMessage("service test.Admin is given twice");
        assertThat(server.addresses()).hasSize(1);
    }

    @Test
    void listeningIsRefusedBeforeTheStartAndAfterAShutdown() throws Exception {
        TtrpcServer server = TtrpcServer.builder().service(Texts.blocking()).build();
        closed.add(server);
        String early = "the server has not been started: give its addresses to the builder";
        assertThatIllegalStateException()
                .isThrownBy(() -> server.listen(ANY_PORT, ListenOptions.DEFAULT))
                .withMessage(early);
        assertThatIllegalStateException()
                .isThrownBy(() -> server.stopListening(ANY_PORT))
                .withMessage(early);
        server.start();
        TtrpcAddress address = server.listen(unix("x"), ListenOptions.DEFAULT);
        server.shutdown(Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS);
        String late = "the server was shut down and cannot serve anything more";
        assertThatIllegalStateException()
                .isThrownBy(() -> server.listen(address, ListenOptions.DEFAULT))
                .withMessage(late);
        assertThatIllegalStateException()
                .isThrownBy(() -> server.stopListening(address))
                .withMessage(late);
        assertThat(server.addresses()).containsExactly(address);
        assertThat(Files.exists(directory.resolve("x"))).isFalse();
    }
}
