package dev.ttrpc.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has a {@link dev.ttrpc.server.ServerInterceptor} bean stand around the calls of every endpoint. Stands on its class or factory method, as
 * {@code @Order} does, which decides who is outermost; see {@link TtrpcInterceptorOrder}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface GlobalTtrpcServerInterceptor {
    /** The names of the sockets whose calls it sees. Default: all. */
    String[] sockets() default {};
}
