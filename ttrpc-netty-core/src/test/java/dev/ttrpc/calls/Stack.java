package dev.ttrpc.calls;

import dev.ttrpc.server.ServiceDefinition;

/** The ways in which a server runs handlers. */
enum Stack {
    BLOCKING,
    /** The blocking contract, whose methods run on the event loop where that is declared and their request allows it. */
    NON_BLOCKING,
    ASYNC,
    ASYNC_ON_LOOP;

    ServiceDefinition texts() {
        return switch (this) {
            case BLOCKING -> Texts.blocking();
            case NON_BLOCKING -> Texts.nonBlocking();
            case ASYNC -> Texts.async(false);
            case ASYNC_ON_LOOP -> Texts.async(true);
        };
    }

    boolean isAsync() {
        return this == ASYNC || this == ASYNC_ON_LOOP;
    }
}
