package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.benchmark.v1.Benchmark;
import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Our server with a handler that does nothing, until the process is ended. */
final class BenchmarkServer implements Benchmark {
    private static final String NON_BLOCKING = "--non-blocking";

    private BenchmarkServer() {}

    /** Serves the address that is the last argument. Returns only where the command line is wrong. */
    static int serve(List<String> arguments) throws IOException, InterruptedException {
        boolean nonBlocking = arguments.contains(NON_BLOCKING);
        if (arguments.size() != (nonBlocking ? 2 : 1)) {
            System.err.println("usage: serve [" + NON_BLOCKING + "] ADDRESS");
            return 2;
        }
        try (TtrpcServer server = TtrpcServer.builder()
                .listen(arguments.get(arguments.size() - 1))
                .service(BenchmarkTtrpc.bind(new BenchmarkServer(), options -> {
                    if (nonBlocking) {
                        options.onEventLoop();
                    }
                }))
                .build()) {
            server.start();
            for (TtrpcAddress address : server.addresses()) {
                System.out.println("serving " + address);
            }
            new CountDownLatch(1).await();
        }
        return 0;
    }

    @Override
    public EchoMessage echo(EchoMessage request) {
        return EchoMessage.newBuilder().setPayload(request.getPayload()).build();
    }
}
