package dev.ttrpc.verification.benchmarks;

import dev.ttrpc.verification.interop.ChildProcess;
import dev.ttrpc.verification.interop.GoPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures all subjects under the same load, each in a process of its own that stays for the whole comparison. They take turns, in each
 * round in the other direction, so that what changes on the machine meanwhile meets all of them.
 */
final class Comparison implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

    private final Schedule schedule;
    private final Path folder;
    private final LoadProcess load;
    private final Map<Subject, ChildProcess> servers = new EnumMap<>(Subject.class);

    /** @param prefix what stands before each command, for example to pin it */
    Comparison(Schedule schedule, GoPrograms go, List<String> prefix) throws IOException, InterruptedException {
        this.schedule = schedule;
        this.folder = Files.createTempDirectory("ttrpc-benchmark");
        this.load = new LoadProcess(prefix);
        try {
            for (Subject subject : Subject.values()) {
                ChildProcess server =
                        ChildProcess.start(Commands.prefixed(prefix, subject.command(go, socket(subject))));
                servers.put(subject, server);
                server.awaitLine("serving ", START_TIMEOUT);
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** All samples, by load and subject, in the order of the rounds. */
    Map<Load, Map<Subject, List<Sample>>> run() throws IOException, InterruptedException {
        for (Subject subject : Subject.values()) {
            for (Load each : Load.ALL) {
                load.run(socket(subject), each, schedule.warmUp().dividedBy(Load.ALL.size()));
            }
        }
        Map<Load, Map<Subject, List<Sample>>> samples = new LinkedHashMap<>();
        for (Load each : Load.ALL) {
            samples.put(each, measure(each));
        }
        return samples;
    }

    private Map<Subject, List<Sample>> measure(Load each) throws IOException, InterruptedException {
        Map<Subject, List<Sample>> samples = new EnumMap<>(Subject.class);
        List<Subject> order = new ArrayList<>(List.of(Subject.values()));
        for (int round = 0; round < schedule.rounds(); round++) {
            for (Subject subject : order) {
                samples.computeIfAbsent(subject, key -> new ArrayList<>()).add(sample(subject, each));
            }
            Collections.reverse(order);
        }
        return samples;
    }

    private Sample sample(Subject subject, Load each) throws IOException, InterruptedException {
        ChildProcess server = servers.get(subject);
        if (server == null) {
            throw new IllegalStateException(subject + " was not started");
        }
        Duration serverBefore = server.cpuTime();
        Duration loadBefore = load.cpuTime();
        LoadResult result = load.run(socket(subject), each, schedule.window());
        return new Sample(
                result, server.cpuTime().minus(serverBefore), load.cpuTime().minus(loadBefore));
    }

    private Path socket(Subject subject) {
        return folder.resolve(subject.name().toLowerCase(java.util.Locale.ROOT) + ".sock");
    }

    @Override
    public void close() throws IOException {
        load.close();
        servers.values().forEach(ChildProcess::close);
        for (Subject subject : Subject.values()) {
            Files.deleteIfExists(socket(subject));
        }
        try {
            Files.deleteIfExists(folder);
        } catch (java.nio.file.DirectoryNotEmptyException e) {
            System.err.println("left behind by a server: " + folder);
        }
    }
}
