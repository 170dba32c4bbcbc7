package dev.ttrpc.codegen;

import java.util.List;

/** What is wrong with a request, in sentences for the one who wrote the proto or the parameters. */
final class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentences;

    GenerationException(String sentence) {
        super(sentence, null, false, false);
        this.sentences = sentence;
    }

    /** Ends the generation if there is any problem, and reports all of them. */
    static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new GenerationException(String.join("\n", problems));
        }
    }

    @Override
    public String getMessage() {
        return sentences;
    }
}
