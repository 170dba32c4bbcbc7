package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.server.TtrpcServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The server that is loaded, with all its defaults but the time that idle threads stay. It is told by lines of standard input what to tell, and ends
 * with the end of its input: so it never outlives whoever started it.
 */
public final class LoadServer {
    static final String IN_PROCESS = "in-process:load";
    static final String LEAKS = "--leaks";

    private static final int THREADS = 256;
    private static final int QUEUED = 16_384;
    /** A minute by default, which is too long to wait for at the end of each figure. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final int NUMBERS = 1 << 24;

    private final Counted echoes = new Counted(NUMBERS);
    private final ThisProcess process = new ThisProcess();
    private final TtrpcServer server;
    private @Nullable MixedCalls inProcess;

    private LoadServer(List<String> addresses) {
        this.server = TtrpcServer.builder()
                .listen(addresses.toArray(String[]::new))
                .listen(IN_PROCESS)
                .service(BlockingLoad.bind(echoes), AsyncLoad.bind(echoes))
                .pool(THREADS, QUEUED, IDLE)
                .build();
    }

    /** Serves the addresses that are its arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> addresses =
                List.of(arguments).stream().filter(word -> !word.equals(LEAKS)).toList();
        if (addresses.size() < arguments.length) {
            Leaks.follow();
        }
        new LoadServer(addresses).serve();
        System.exit(0);
    }

    private void serve() throws IOException, InterruptedException {
        Payloads.message(0, 1); // makes the text, which is not to happen within a call
        server.start();
        StringBuilder serving = new StringBuilder("serving");
        server.addresses().forEach(address -> serving.append(' ').append(address));
        System.out.println(serving);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            obey(order);
        }
    }

    private void obey(String order) throws IOException, InterruptedException {
        switch (order) {
            case "glance" -> tell(order, withCounts(process.glance()));
            case "measure" -> tell(order, withCounts(process.measure()));
            case "objects" -> tell(order, process.objects());
            case "end" -> System.out.println("end " + endInProcess());
            default -> {
                if (!order.startsWith("begin ")) {
                    throw new IOException("an order that is not known: " + order);
                }
                long seed = Long.parseLong(order.substring("begin ".length()));
                inProcess = new MixedCalls(IN_PROCESS, seed, new Tally());
                inProcess.begin();
                System.out.println(order);
            }
        }
    }

    private Tally endInProcess() throws InterruptedException {
        MixedCalls calls = inProcess;
        if (calls == null) {
            throw new IllegalStateException("nothing was begun");
        }
        inProcess = null;
        calls.close();
        return calls.tally();
    }

    private Map<String, Long> withCounts(Footprint footprint) {
        Map<String, Long> values = new TreeMap<>(footprint.values());
        values.put(Footprint.CONNECTIONS, (long) server.connections());
        values.put(Footprint.CALLS, (long) server.liveCalls());
        values.put(Footprint.HANDLERS, (long) server.runningHandlers());
        values.put(Footprint.ECHOES, echoes.total());
        values.put(Footprint.TWICE, echoes.twice());
        return values;
    }

    private static void tell(String order, Map<String, Long> values) {
        System.out.println(order + Footprint.toLine(values));
    }
}
