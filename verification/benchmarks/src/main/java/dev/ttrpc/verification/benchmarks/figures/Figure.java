package dev.ttrpc.verification.benchmarks.figures;

/** One figure to reach: a scenario that ends by itself, and what is measured in it. */
interface Figure {
    /** One word. */
    String name();

    /** What is shown, in one line. */
    String shows();

    void run(Scale scale, Measures measures) throws Exception;
}
