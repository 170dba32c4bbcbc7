package dev.ttrpc.verification.interop.containerd;

/** Which of the generated contracts is served or called. */
enum Stack {
    BLOCKING,
    ASYNC
}
