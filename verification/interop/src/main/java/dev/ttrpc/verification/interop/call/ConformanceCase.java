package dev.ttrpc.verification.interop.call;

/**
 * One thing that a right server does.
 *
 * @param name what it is called on the command line
 * @param meaning one line for people
 */
record ConformanceCase(String name, String meaning, Body body) {
    /** Calls the server under test and throws where it does something else than expected. */
    @FunctionalInterface
    interface Body {
        void run(Server server) throws Exception;
    }
}
