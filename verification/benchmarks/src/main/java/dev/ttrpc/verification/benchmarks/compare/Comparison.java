package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.benchmarks.LoadResult;
import dev.ttrpc.verification.interop.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures subjects in one place. Each program has a process of its own that stays, so that it stays warm. The subjects of a cell take turns, in
 * each round in the other direction, so that what changes on the machine meanwhile meets all of them.
 */
final class Comparison implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    /** What a caller may take beyond the time that it is to call for. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Place place;
    private final Schedule schedule;
    private final Toolbox toolbox;
    private final Results results;
    private final Path folder;
    private final Map<Program, ChildProcess> running = new LinkedHashMap<>();
    private final Set<Subject> warm = new HashSet<>();

    Comparison(Place place, Schedule schedule, Toolbox toolbox, Results results) throws IOException {
        this.place = place;
        this.schedule = schedule;
        this.toolbox = toolbox;
        this.results = results;
        this.folder = Files.createTempDirectory("ttrpc-benchmark");
    }

    /** Measures a cell. Returns what kept subjects from being measured, by their names. */
    Map<String, String> measure(Cell cell) throws InterruptedException {
        Map<String, String> failures = new LinkedHashMap<>();
        List<Subject> order = new ArrayList<>(cell.subjects());
        for (Subject subject : cell.subjects()) {
            attempt(cell, subject, failures, () -> {
                Duration duration = warm.add(subject) ? schedule.firstWarmUp() : schedule.warmUp();
                run(subject, cell, duration);
            });
        }
        for (int round = 0; round < schedule.rounds(); round++) {
            for (Subject subject : order) {
                if (!failures.containsKey(subject.name())) {
                    attempt(cell, subject, failures, () -> results.add(place, cell, subject, sample(subject, cell)));
                }
            }
            Collections.reverse(order);
        }
        return failures;
    }

    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    /** A program that fails once is started anew for the next cell. */
    private void attempt(Cell cell, Subject subject, Map<String, String> failures, Attempt attempt)
            throws InterruptedException {
        try {
            attempt.run();
        } catch (IOException e) {
            failures.put(subject.name(), String.valueOf(e.getMessage()));
            results.discard(place, cell, subject);
            stop(subject.client());
            stop(subject.server());
            warm.remove(subject);
        }
    }

    private Sample sample(Subject subject, Cell cell) throws IOException, InterruptedException {
        ChildProcess server = server(subject.server());
        ChildProcess client = client(subject.client());
        Duration serverBefore = server.cpuTime();
        Duration clientBefore = client.cpuTime();
        LoadResult result = run(subject, cell, schedule.window());
        return new Sample(
                result, server.cpuTime().minus(serverBefore), client.cpuTime().minus(clientBefore));
    }

    private LoadResult run(Subject subject, Cell cell, Duration duration) throws IOException, InterruptedException {
        server(subject.server());
        ChildProcess client = client(subject.client());
        client.writeLine(cell.work().toWords() + " " + duration.toMillis() + " " + socket(subject.server()));
        String line = client.readLine(duration.plus(PATIENCE));
        if (line == null) {
            throw new IOException("the caller has ended");
        }
        LoadResult result = LoadResult.ofLine(line);
        if (result.count() == 0) {
            throw new IOException("nothing was done in " + duration);
        }
        return result;
    }

    private ChildProcess client(Program program) throws IOException, InterruptedException {
        ChildProcess process = running.get(program);
        if (process == null) {
            process = start(toolbox.command(program));
            running.put(program, process);
        }
        return process;
    }

    private ChildProcess server(Program program) throws IOException, InterruptedException {
        ChildProcess process = running.get(program);
        if (process == null) {
            Files.deleteIfExists(socket(program));
            List<String> command = new ArrayList<>(toolbox.command(program));
            command.add("unix:" + socket(program));
            process = start(command);
            running.put(program, process);
            process.awaitLine("serving ", START_TIMEOUT);
        }
        return process;
    }

    private ChildProcess start(List<String> command) throws IOException {
        List<String> placed = new ArrayList<>(place.prefix());
        placed.addAll(command);
        return ChildProcess.start(placed);
    }

    private Path socket(Program server) {
        return folder.resolve(server.name());
    }

    private void stop(Program program) {
        ChildProcess process = running.remove(program);
        if (process != null) {
            process.close();
        }
    }

    @Override
    public void close() throws IOException {
        List.copyOf(running.keySet()).forEach(this::stop);
        try (var left = Files.list(folder)) {
            for (Path socket : left.toList()) {
                Files.deleteIfExists(socket);
            }
        }
        Files.deleteIfExists(folder);
    }
}
