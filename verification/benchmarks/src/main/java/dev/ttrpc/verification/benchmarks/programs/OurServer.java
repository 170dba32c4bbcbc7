package dev.ttrpc.verification.benchmarks.programs;

import dev.ttrpc.benchmark.v1.Benchmark;
import dev.ttrpc.benchmark.v1.BenchmarkAsync;
import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.time.Duration;

/** Our server in the ways in which an application may set it up. */
enum OurServer {
    /** Handlers of the blocking contract on the executor: the defaults. */
    EXECUTOR {
        @Override
        TtrpcServer.Builder builder() {
            return serving(BenchmarkTtrpc.bind(new BlockingEcho()));
        }
    },
    /** The same on a pool of platform threads, whatever the JDK's default is. */
    POOL {
        @Override
        TtrpcServer.Builder builder() {
            return EXECUTOR.builder().pool(256, 16_384, Duration.ofMinutes(1));
        }
    },
    /** Handlers that never wait, declared so: unary ones of the blocking contract and streams of the async contract on the event loop. */
    LOOP {
        @Override
        TtrpcServer.Builder builder() {
            Benchmark unary = new BlockingEcho();
            BenchmarkAsync streams = new AsyncEcho();
            return serving(ServiceDefinition.builder(BenchmarkTtrpc.SERVICE_NAME)
                    .unary(BenchmarkTtrpc.ECHO, unary::echo)
                    .serverStreamingAsync(BenchmarkTtrpc.DOWNLOAD, streams::download)
                    .clientStreamingAsync(BenchmarkTtrpc.UPLOAD, streams::upload)
                    .bidiStreamingAsync(BenchmarkTtrpc.CHAT, streams::chat)
                    .onEventLoop()
                    .build());
        }
    },
    /** Handlers of the async contract on the executor. */
    ASYNC {
        @Override
        TtrpcServer.Builder builder() {
            return serving(BenchmarkTtrpc.bind(new AsyncEcho()));
        }
    };

    abstract TtrpcServer.Builder builder();

    void start(String address) throws IOException {
        builder().listen(address).build().start();
    }

    private static TtrpcServer.Builder serving(ServiceDefinition service) {
        return TtrpcServer.builder().service(service);
    }
}
