package dev.ttrpc.verification.interop;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Cases that Rust's servers cannot pass, each with what is seen of it. {@code docs/interoperability.md} has them in words. */
final class RustFaults {
    /** Of both servers. */
    private static final Map<String, String> COMMON = Map.of(
            // nothing that is no message can be returned in Rust
            "error-null", "nothing cannot be returned",
            // an OK answer carries an empty status, two bytes which no other peer sends
            "limit-answer-exact", "INVALID_ARGUMENT: ",
            "limit-request-refused", "INVALID_ARGUMENT: ",
            "limit-answer-over", "INVALID_ARGUMENT: ");

    private static final Map<String, String> ASYNC = Map.of(
            "error-unknown-service", "INVALID_ARGUMENT: no.such.Service service does not exist",
            "error-unknown-method", "NoSuchMethod method",
            "download-unknown-method", "NoDownload method",
            "chat-unknown-method", "NoChat method",
            "error-payload", "UNKNOWN: ttrpc err: Unpack request error",
            // what else comes for the ended stream may be answered first, as INVALID_ARGUMENT
            "upload-error-payload", "not with INTERNAL",
            "chat-error-payload", "UNKNOWN: Others(\"Decode message failed",
            "limit-upload-refused", "INVALID_ARGUMENT: ",
            // what a handler sends over the limit fails as a plain error, whose text is in Rust's notation
            "limit-download-over", "UNKNOWN: Others(\"message length");

    /**
     * Of the asynchronous one, now and then: what comes for a call that has just ended, here the end of its input, is answered
     * INVALID_ARGUMENT, and that answer may come before the call's own.
     */
    private static final Set<String> RACES =
            Set.of("upload-early-answer", "upload-error", "upload-error-at-once", "upload-exception");

    private static final Map<String, String> SYNC = Map.of(
            "error-unknown-service", "INVALID_ARGUMENT: /no.such.Service/Unary does not exist",
            "error-unknown-method", "INVALID_ARGUMENT: ",
            // ends the worker that took it; an answer never comes
            "error-payload", "no end within",
            // deadlines are not kept: the handler runs on
            "deadline-unary", "no end within",
            "deadline-many", "no end within");

    private static final Pattern STREAMS = Pattern.compile(".*(upload|download|chat).*");
    private static final Set<String> OTHERS_WITH_STREAMS = Set.of(
            "deadline-expired-streams",
            "deadline-far-streams",
            "deadline-writing",
            "cancel-end-input",
            "cancel-interrupt-read",
            "cancel-subscription",
            "cancel-publisher",
            "cancel-close-channel",
            "cancel-many",
            "cancel-after-end",
            "concurrent-mixed",
            "flow-slow-reader",
            "flow-slow-handler",
            "flow-empty-messages",
            "link-crumbs");

    private RustFaults() {}

    /** What is seen of each fault, by the name of the case. */
    static Map<String, String> of(String stack) {
        Map<String, String> faults = new TreeMap<>(COMMON);
        faults.putAll(stack.equals("sync") ? SYNC : ASYNC);
        return faults;
    }

    /** Whether a server of Rust can pass a case: the synchronous one has no streams. */
    static boolean canPass(String stack, String name) {
        return !of(stack).containsKey(name) && !(stack.equals("sync") ? hasStreams(name) : RACES.contains(name));
    }

    static boolean hasStreams(String name) {
        return STREAMS.matcher(name).matches() || OTHERS_WITH_STREAMS.contains(name);
    }
}
