package dev.ttrpc;

import java.util.Objects;

/**
 * One method of a service: its names on the wire, its kind, and how its messages are encoded. Compared by identity.
 *
 * @param <Q> the request message
 * @param <P> the response message
 */
public final class MethodDescriptor<Q, P> {
    private final String service;
    private final String name;
    private final MethodType type;
    private final Marshaller<Q> requestMarshaller;
    private final Marshaller<P> responseMarshaller;
    private final boolean idempotent;
    private final String fullName;

    private MethodDescriptor(
            String service,
            String name,
            MethodType type,
            Marshaller<Q> requestMarshaller,
            Marshaller<P> responseMarshaller,
            boolean idempotent) {
        this.service = Objects.requireNonNull(service, "service");
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.requestMarshaller = Objects.requireNonNull(requestMarshaller, "requestMarshaller");
        this.responseMarshaller = Objects.requireNonNull(responseMarshaller, "responseMarshaller");
        this.idempotent = idempotent;
        this.fullName = service + "/" + name;
    }

    /** A method of any kind. */
    public static <Q, P> MethodDescriptor<Q, P> of(
            MethodType type, String service, String name, Marshaller<Q> request, Marshaller<P> response) {
        return new MethodDescriptor<>(service, name, type, request, response, false);
    }

    public static <Q, P> MethodDescriptor<Q, P> unary(
            String service, String name, Marshaller<Q> request, Marshaller<P> response) {
        return of(MethodType.UNARY, service, name, request, response);
    }

    public static <Q, P> MethodDescriptor<Q, P> clientStreaming(
            String service, String name, Marshaller<Q> request, Marshaller<P> response) {
        return of(MethodType.CLIENT_STREAMING, service, name, request, response);
    }

    public static <Q, P> MethodDescriptor<Q, P> serverStreaming(
            String service, String name, Marshaller<Q> request, Marshaller<P> response) {
        return of(MethodType.SERVER_STREAMING, service, name, request, response);
    }

    public static <Q, P> MethodDescriptor<Q, P> bidiStreaming(
            String service, String name, Marshaller<Q> request, Marshaller<P> response) {
        return of(MethodType.BIDI_STREAMING, service, name, request, response);
    }

    /**
     * The same method, said to be idempotent or not. For the constant that is made of it: descriptors are compared by identity.
     *
     * @param idempotent what {@link #isIdempotent} will say
     */
    public MethodDescriptor<Q, P> withIdempotent(boolean idempotent) {
        return new MethodDescriptor<>(service, name, type, requestMarshaller, responseMarshaller, idempotent);
    }

    /**
     * Whether doing it twice is as good as doing it once, so that a retry policy may make a call again that was sent: the {@code idempotency_level}
     * of the .proto file is IDEMPOTENT or NO_SIDE_EFFECTS. Default: false.
     */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** The full protobuf name of the service, for example {@code helloworld.v1.Greeter}. */
    public String service() {
        return service;
    }

    /** The bare name of the method, for example {@code SayHello}. */
    public String name() {
        return name;
    }

    /** Both names with a slash between them. */
    public String fullName() {
        return fullName;
    }

    public MethodType type() {
        return type;
    }

    public Marshaller<Q> requestMarshaller() {
        return requestMarshaller;
    }

    public Marshaller<P> responseMarshaller() {
        return responseMarshaller;
    }

    /** What a contract's method throws where nobody has implemented it: UNIMPLEMENTED. */
    public TtrpcException unimplemented() {
        return Status.UNIMPLEMENTED.withDescription("method " + name).asException();
    }

    @Override
    public String toString() {
        return fullName;
    }
}
