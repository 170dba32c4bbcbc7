package dev.ttrpc.verification.benchmarks.compare;

/** Every program that is measured. */
final class Programs {
    static final Program RAW = Program.jvm("call", "raw");

    static final Program NETTY = Program.jvm("serve", "netty");
    static final Program OURS_LOOP = Program.jvm("serve", "ours-loop");
    static final Program OURS_EXECUTOR = Program.jvm("serve", "ours-executor");
    static final Program GO = Program.go("serve");
    static final Program RUST_SYNC = Program.rust("serve", "sync");
    static final Program RUST_ASYNC = Program.rust("serve", "async");
    /** On several threads Rust's asynchronous server loses the order of a stream's messages, and some of them. */
    static final Program RUST_ASYNC_ONE_THREAD = Program.rust("serve", "async-one-thread");

    private Programs() {}
}
