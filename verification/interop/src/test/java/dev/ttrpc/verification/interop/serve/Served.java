package dev.ttrpc.verification.interop.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** A server within this JVM and a channel to it. */
final class Served implements AutoCloseable {
    private final TtrpcServer server;
    private final TtrpcChannel channel;

    Served(ServiceDefinition[] services) throws Exception {
        String address = "in-process:" + UUID.randomUUID();
        server = TtrpcServer.builder().listen(address).service(services).build();
        server.start();
        channel = TtrpcChannel.to(address);
    }

    /** The services in each of the ways in which {@code serve} can serve them. */
    static Stream<Named<ServiceDefinition[]>> allWays() {
        return Stream.of(
                Named.of("blocking", ServedServices.blocking(false)),
                Named.of("blocking, non-blocking", ServedServices.blocking(true)),
                Named.of("async", ServedServices.async(false)),
                Named.of("async, non-blocking", ServedServices.async(true)));
    }

    TtrpcChannel channel() {
        return channel;
    }

    /** All messages of a stream, which can be read once only. */
    static <T> List<T> all(MessageReader<T> messages) {
        List<T> all = new ArrayList<>();
        messages.forEach(all::add);
        return all;
    }

    /** That a call ends with a code. Gives the text. */
    static String assertFails(StatusCode code, Callable<?> call) {
        Throwable failure = catchThrowable(call::call);
        if (failure instanceof ExecutionException) {
            failure = failure.getCause();
        }
        assertThat(failure).isInstanceOf(TtrpcException.class);
        TtrpcException ttrpc = (TtrpcException) failure;
        assertThat(ttrpc.status().code()).isEqualTo(code);
        return ttrpc.status().description();
    }

    @Override
    public void close() {
        channel.close();
        server.close();
    }
}
