package dev.ttrpc.verification.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Makes calls, or moves messages, as fast as a server lets it. */
@FunctionalInterface
public interface Caller {
    /** Does it for so long on new connections, and waits for what is still under way then. */
    LoadResult run(Work work, Path socket, Duration duration) throws IOException, InterruptedException;

    /** Answers each line of standard input, {@code WORK MILLIS PATH}, with a line, until there are no more. */
    default void obeyStandardInput() throws IOException, InterruptedException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", Work.WORDS + 2);
            Duration duration = Duration.ofMillis(Long.parseLong(words[Work.WORDS]));
            System.out.println(run(Work.ofWords(words), Path.of(words[Work.WORDS + 1]), duration)
                    .toLine());
        }
    }
}
