package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.calls.RawClient.Frame;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server in a process that runs out of descriptors. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class AcceptErrorsIT {
    /** Enough for a JVM, its class path and some connections. */
    private static final int DESCRIPTORS = 200;

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void theListenerOutlivesALackOfDescriptors(TransportKind kind) throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + "; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Limited.class.getName(),
                        kind.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<RawClient> clients = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            TtrpcAddress address = TtrpcAddress.parse(output.readLine());
            RawClient first = new RawClient(address);
            clients.add(first);
            Asking asking = new Asking(first);
            assertThat(asking.errors()).isZero();
            // the JVM may give one back behind the first error, which the next connection takes
            for (int i = 0; i < 2 * DESCRIPTORS && asking.errors() < 3; i++) {
                clients.add(new RawClient(address));
            }
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> asking.errors() >= 3);
            clients.subList(1, clients.size() - 1).forEach(AcceptErrorsIT::close);
            RawClient waiting = clients.get(clients.size() - 1);
            assertThat(new Asking(waiting).errors()).isGreaterThanOrEqualTo(3);
            RawClient late = new RawClient(address);
            clients.add(late);
            long settled = new Asking(late).errors();
            assertThat(asking.errors()).isEqualTo(settled);
        } finally {
            clients.forEach(AcceptErrorsIT::close);
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("The process did not end by itself");
            }
        }
        assertThat(process.exitValue()).isZero();
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks over one connection how often accepting has failed. */
    private static final class Asking {
        private final RawClient client;
        private int id = -1;

        Asking(RawClient client) {
            this.client = client;
        }

        long errors() throws IOException {
            id += 2;
            Frame answer = client.request(id, "Echo", "").read();
            assertThat(answer.id()).isEqualTo(id);
            return Long.parseLong(answer.text().substring(2)); // behind the field's key and length
        }
    }

    /** Serves until its input ends. */
    static final class Limited {
        private Limited() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws Exception {
            AtomicReference<TtrpcServer> self = new AtomicReference<>();
            ServiceDefinition errors = ServiceDefinition.builder(Texts.SERVICE)
                    .unary(
                            Texts.ECHO,
                            text -> Long.toString(self.get().statistics().acceptErrors()))
                    .build();
            try (TransportResources resources = TransportResources.builder()
                            .transport(TransportKind.valueOf(arguments[0]))
                            .build();
                    TtrpcServer server = TtrpcServer.builder()
                            .resources(resources)
                            .listen("tcp://127.0.0.1:0")
                            .service(errors)
                            .build()) {
                self.set(server);
                server.start();
                System.out.println(server.addresses().get(0));
                System.out.flush();
                assertThat(System.in.read()).isEqualTo(-1);
            }
        }
    }
}
