package dev.ttrpc.verification.interop.call;

/**
 * One thing that a right server does.
 *
 * @param name what it is called on the command line
 * @param meaning one line for people
 * @param needsLink whether it calls over a {@link Link}, which does not reach a server at every kind of address
 */
record ConformanceCase(String name, String meaning, boolean needsLink, Body body) {
    ConformanceCase(String name, String meaning, Body body) {
        this(name, meaning, false, body);
    }

    /** Calls the server under test and throws where it does something else than expected. */
    @FunctionalInterface
    interface Body {
        void run(Server server) throws Exception;
    }
}
