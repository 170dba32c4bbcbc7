package dev.ttrpc.spring;

import org.springframework.core.Ordered;

/**
 * Where the library's own interceptors stand, for {@code @Order} on others. Lower is further out; an interceptor without order is innermost.
 * Observation is outermost, so that metrics and traces have the status that really ended the call.
 */
public final class TtrpcInterceptorOrder {
    public static final int OBSERVATION = Ordered.HIGHEST_PRECEDENCE + 1000;

    /** Logging context and baggage. */
    public static final int CONTEXT = Ordered.HIGHEST_PRECEDENCE + 2000;

    /** Exceptions become statuses. */
    public static final int EXCEPTION_HANDLING = Ordered.HIGHEST_PRECEDENCE + 3000;

    public static final int SECURITY_AUTHENTICATION = Ordered.HIGHEST_PRECEDENCE + 4000;

    public static final int SECURITY_AUTHORIZATION = Ordered.HIGHEST_PRECEDENCE + 5000;

    /** Request messages are checked. */
    public static final int VALIDATION = Ordered.HIGHEST_PRECEDENCE + 6000;

    private TtrpcInterceptorOrder() {}
}
