package dev.ttrpc.verification.benchmarks.load;

import java.io.IOException;
import java.util.Map;

/** A process whose figures can be read. */
public interface Observed {
    /** What it holds now, garbage included. */
    Footprint glance() throws IOException, InterruptedException;

    /** What it holds after a garbage collection. */
    Footprint measure() throws IOException, InterruptedException;

    /** How many live objects there are of each class that stands for a connection, a call, a message or a timer. */
    Map<String, Long> objects() throws IOException, InterruptedException;

    /** What it is called in a report. */
    String name();
}
