package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransportsIT {

    @TempDir
    Path directory;

    static Stream<org.junit.jupiter.params.provider.Arguments> everyKindAndAddress() {
        return Stream.of(TransportKind.EPOLL, TransportKind.NIO, TransportKind.IO_URING)
                .flatMap(kind -> Stream.of(
                                "unix://DIRECTORY/x.sock",
                                "unix://@ttrpc-NANOS",
                                "tcp://127.0.0.1:0",
                                "tcp://[::1]:0",
                                "tcp://localhost:0",
                                "in-process:Greeter")
                        .filter(address -> kind != TransportKind.NIO || !address.contains("@"))
                        .map(address -> org.junit.jupiter.params.provider.Arguments.of(kind, address)));
    }

    @ParameterizedTest
    @MethodSource("everyKindAndAddress")
    void whatIsSentComesBack(TransportKind kind, String form) throws Exception {
        String address = form.replace("DIRECTORY", directory.toString()).replace("NANOS", "" + System.nanoTime());
        try (TransportResources resources =
                TransportResources.builder().transport(kind).build()) {
            Listener listener = Lines.echoServer(resources, address);
            try (Lines.Client client = Lines.connect(resources, listener.address())) {
                assertThat(client.echo("hello")).isEqualTo("hello");
            }
            listener.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(directory).isEmptyDirectory();
        }
    }
}
