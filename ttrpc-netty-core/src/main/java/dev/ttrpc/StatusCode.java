package dev.ttrpc;

import org.jspecify.annotations.Nullable;

/** The canonical codes of {@code google.rpc.Code}, which ttrpc shares with gRPC. */
public enum StatusCode {
    /** The call succeeded. */
    OK(0),
    /** The caller gave the call up, or its connection ended. */
    CANCELLED(1),
    /** A failure without a better code, also any number outside 0 to 16. */
    UNKNOWN(2),
    /** The caller sent something that is wrong whatever the state of the system. */
    INVALID_ARGUMENT(3),
    /** The deadline passed before the call ended. */
    DEADLINE_EXCEEDED(4),
    /** What was asked for does not exist. */
    NOT_FOUND(5),
    /** What was to be made exists. */
    ALREADY_EXISTS(6),
    /** The caller is known and may not do this. */
    PERMISSION_DENIED(7),
    /** A limit or quota is used up. */
    RESOURCE_EXHAUSTED(8),
    /** The system is not in the state that the call needs. */
    FAILED_PRECONDITION(9),
    /** A concurrency conflict. */
    ABORTED(10),
    /** Past the valid range. */
    OUT_OF_RANGE(11),
    /** The service or method is not served here. */
    UNIMPLEMENTED(12),
    /** An invariant is broken, or bytes do not parse. */
    INTERNAL(13),
    /** The peer cannot be reached or refuses calls for the moment. */
    UNAVAILABLE(14),
    /** Data is lost for good. */
    DATA_LOSS(15),
    /** The caller has not said credibly who it is. */
    UNAUTHENTICATED(16);

    private static final StatusCode[] BY_VALUE = values();

    private final int value;

    StatusCode(int value) {
        this.value = value;
    }

    /** The number on the wire, 0 to 16. */
    public int value() {
        return value;
    }

    /** The code of a number on the wire, or null for a number outside 0 to 16. */
    public static @Nullable StatusCode forValue(int value) {
        return value >= 0 && value < BY_VALUE.length ? BY_VALUE[value] : null;
    }
}
