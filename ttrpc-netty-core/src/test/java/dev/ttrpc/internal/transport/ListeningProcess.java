package dev.ttrpc.internal.transport;

import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An echo server in a JVM of its own, which listens when it is told to. */
final class ListeningProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private ListeningProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts it; it does not listen yet. */
    static ListeningProcess start(TransportKind kind, String address, String... launcher) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ListeningProcess.class.getName(), kind.name(), address));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ListeningProcess started = new ListeningProcess(process);
        started.expect("ready");
        return started;
    }

    void tell(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
    }

    String answer() throws IOException {
        return answers.readLine();
    }

    void expect(String expected) throws IOException {
        String answer = answer();
        if (!expected.equals(answer)) {
            throw new AssertionError("The process said '" + answer + "' instead of '" + expected + "'");
        }
    }

    /** Ends it as kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        orders.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("The process did not end by itself");
        }
    }

    /** Answers each order, {@code listen} or {@code close}, with one line; ends with its input. */
    public static void main(String[] arguments) throws Exception {
        try (TransportResources resources = TransportResources.builder()
                        .transport(TransportKind.valueOf(arguments[0]))
                        .build();
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Listener listener = null;
            Transports.of(resources);
            say("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                if (order.equals("listen")) {
                    try {
                        listener = Lines.echoServer(resources, arguments[1]);
                        say("listening");
                    } catch (IOException e) {
                        say(e.getMessage());
                    }
                } else if (listener != null) {
                    listener.close().toCompletableFuture().get();
                    listener = null;
                    say("closed");
                } else {
                    say("closed");
                }
            }
        }
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
