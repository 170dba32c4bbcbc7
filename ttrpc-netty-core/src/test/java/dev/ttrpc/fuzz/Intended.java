package dev.ttrpc.fuzz;

/** What the user's code of a target throws on purpose. */
public final class Intended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Intended() {
        super("intended", null, false, false);
    }
}
