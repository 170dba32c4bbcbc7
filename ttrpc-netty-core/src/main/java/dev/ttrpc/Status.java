package dev.ttrpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended: a code, a text for people, and optional details. Immutable; on the wire it is {@code google.rpc.Status}.
 *
 * <p>A number outside 0 to 16 that a peer sent is kept in {@link #codeValue()} while {@link #code()} says {@link StatusCode#UNKNOWN}.
 */
public final class Status {
    public static final Status OK = new Status(StatusCode.OK);
    public static final Status CANCELLED = new Status(StatusCode.CANCELLED);
    public static final Status UNKNOWN = new Status(StatusCode.UNKNOWN);
    public static final Status INVALID_ARGUMENT = new Status(StatusCode.INVALID_ARGUMENT);
    public static final Status DEADLINE_EXCEEDED = new Status(StatusCode.DEADLINE_EXCEEDED);
    public static final Status NOT_FOUND = new Status(StatusCode.NOT_FOUND);
    public static final Status ALREADY_EXISTS = new Status(StatusCode.ALREADY_EXISTS);
    public static final Status PERMISSION_DENIED = new Status(StatusCode.PERMISSION_DENIED);
    public static final Status RESOURCE_EXHAUSTED = new Status(StatusCode.RESOURCE_EXHAUSTED);
    public static final Status FAILED_PRECONDITION = new Status(StatusCode.FAILED_PRECONDITION);
    public static final Status ABORTED = new Status(StatusCode.ABORTED);
    public static final Status OUT_OF_RANGE = new Status(StatusCode.OUT_OF_RANGE);
    public static final Status UNIMPLEMENTED = new Status(StatusCode.UNIMPLEMENTED);
    public static final Status INTERNAL = new Status(StatusCode.INTERNAL);
    public static final Status UNAVAILABLE = new Status(StatusCode.UNAVAILABLE);
    public static final Status DATA_LOSS = new Status(StatusCode.DATA_LOSS);
    public static final Status UNAUTHENTICATED = new Status(StatusCode.UNAUTHENTICATED);

    private final int codeValue;
    private final StatusCode code;
    private final String description;
    private final List<Detail> details;
    private final @Nullable Throwable cause;

    private Status(StatusCode code) {
        this(code.value(), code, "", List.of(), null);
    }

    private Status(
            int codeValue, StatusCode code, String description, List<Detail> details, @Nullable Throwable cause) {
        this.codeValue = codeValue;
        this.code = code;
        this.description = description;
        this.details = details;
        this.cause = cause;
    }

    /** The status of a code, without text. */
    public static Status of(StatusCode code) {
        return forCodeValue(code.value());
    }

    /** The status of a number as it came from a peer; numbers outside 0 to 16 are {@link StatusCode#UNKNOWN} and keep the number. */
    public static Status forCodeValue(int value) {
        StatusCode code = StatusCode.forValue(value);
        return new Status(value, code == null ? StatusCode.UNKNOWN : code, "", List.of(), null);
    }

    /** The code; {@link StatusCode#UNKNOWN} for a number that no code has. */
    public StatusCode code() {
        return code;
    }

    /** The number as it stood on the wire. */
    public int codeValue() {
        return codeValue;
    }

    /** The text for people, empty where there is none. */
    public String description() {
        return description;
    }

    /** The details in their order, empty where there are none. */
    public List<Detail> details() {
        return details;
    }

    /** What led to this status in this process. It never goes to the peer and plays no part in equality. */
    public @Nullable Throwable cause() {
        return cause;
    }

    public boolean isOk() {
        return codeValue == 0;
    }

    public Status withDescription(@Nullable String description) {
        return new Status(codeValue, code, description == null ? "" : description, details, cause);
    }

    public Status withDetails(List<Detail> details) {
        return new Status(codeValue, code, description, List.copyOf(details), cause);
    }

    public Status withCause(@Nullable Throwable cause) {
        return new Status(codeValue, code, description, details, cause);
    }

    /** This status as an exception that user code throws: a handler that throws it ends its call with this status. */
    public TtrpcException asException() {
        return new TtrpcException(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Status that
                && codeValue == that.codeValue
                && description.equals(that.description)
                && details.equals(that.details);
    }

    @Override
    public int hashCode() {
        return Objects.hash(codeValue, description, details);
    }

    /** For example {@code NOT_FOUND: no such container}. */
    @Override
    public String toString() {
        String name = codeValue == code.value() ? code.name() : "UNKNOWN(" + codeValue + ")";
        return description.isEmpty() ? name : name + ": " + description;
    }

    /**
     * One detail of a status: a message of any type, as {@code google.protobuf.Any} carries it.
     *
     * @param typeUrl names the type; what stands behind the last slash is its full protobuf name (containerd sends it without a slash)
     * @param value the encoded message; never changed after construction
     */
    public record Detail(String typeUrl, byte[] value) {
        public Detail {
            Objects.requireNonNull(typeUrl, "typeUrl");
            value = value.clone();
        }

        /** A copy of the encoded message. */
        @Override
        public byte[] value() {
            return value.clone();
        }

        /** Packs a message. */
        public static <T> Detail pack(String typeUrl, T message, Marshaller<T> marshaller) {
            ByteBuffer bytes = ByteBuffer.allocate(marshaller.size(message));
            try {
                marshaller.write(message, bytes);
            } catch (IOException e) {
                throw new IllegalArgumentException("the message cannot be encoded: " + e.getMessage(), e);
            }
            return new Detail(typeUrl, bytes.array());
        }

        /**
         * Decodes the message.
         *
         * @throws TtrpcException INTERNAL where the bytes are not a message of this type
         */
        public <T> T unpack(Marshaller<T> marshaller) {
            try {
                return marshaller.parse(ByteBuffer.wrap(value).asReadOnlyBuffer());
            } catch (IOException e) {
                throw new TtrpcException(
                        Status.INTERNAL.withDescription(
                                "status detail " + typeUrl + " does not parse: " + e.getMessage()),
                        TtrpcException.Origin.LIBRARY,
                        e);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Detail that && typeUrl.equals(that.typeUrl) && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return 31 * typeUrl.hashCode() + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return typeUrl + " (" + value.length + " bytes)";
        }
    }
}
