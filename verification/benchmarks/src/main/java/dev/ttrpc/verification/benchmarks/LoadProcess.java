package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.interop.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The load generator in a process of its own, told by lines what to do. It stays for all runs, so that it stays warm. */
final class LoadProcess implements AutoCloseable {
    static final int PAYLOAD_SIZE = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChildProcess process;

    LoadProcess(List<String> prefix) throws IOException {
        this.process = ChildProcess.start(Commands.prefixed(prefix, ChildProcess.java(BenchmarkMain.class, "load")));
    }

    LoadResult run(Path socket, Load load, Duration duration) throws IOException, InterruptedException {
        process.writeLine(load.inFlight() + " " + duration.toMillis() + " " + socket);
        String line = process.readLine(duration.plus(PATIENCE));
        if (line == null) {
            throw new IOException("the load generator has ended");
        }
        return LoadResult.ofLine(line);
    }

    Duration cpuTime() {
        return process.cpuTime();
    }

    @Override
    public void close() {
        process.close();
    }

    /** The other side: runs what each line of standard input asks for, until there are no more. */
    static void serveStandardInput() throws IOException {
        LoadGenerator generator = new LoadGenerator(PAYLOAD_SIZE);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", 3);
            Duration duration = Duration.ofMillis(Long.parseLong(words[1]));
            System.out.println(generator
                    .run(Path.of(words[2]), Integer.parseInt(words[0]), duration)
                    .toLine());
        }
    }
}
