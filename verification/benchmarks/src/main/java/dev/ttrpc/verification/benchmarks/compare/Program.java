package dev.ttrpc.verification.benchmarks.compare;

import java.util.List;

/**
 * What serves or calls, in a process of its own.
 *
 * @param name one word, different for each
 * @param language what it is written in
 * @param arguments of its command line; a server's address follows
 */
record Program(String name, Language language, List<String> arguments) {
    enum Language {
        JVM,
        GO,
        RUST
    }

    static Program jvm(String command, String name) {
        return new Program(name, Language.JVM, List.of(command, name));
    }

    static Program go(String command) {
        return new Program("go", Language.GO, List.of(command));
    }

    static Program rust(String command, String stack) {
        return new Program("rust-" + stack, Language.RUST, List.of(command, stack));
    }
}
