package dev.ttrpc.verification.benchmarks.compare;

/**
 * Who is measured: a caller and a server that belong together.
 *
 * @param name one word, different for each subject of a cell
 */
record Subject(String name, Program client, Program server) {
    /** A server under the load generator. */
    static Subject server(Program server) {
        return new Subject(server.name(), Programs.RAW, server);
    }

    /** Both ends. */
    static Subject both(Program client, Program server) {
        return new Subject(client.name() + ">" + server.name(), client, server);
    }
}
