package dev.ttrpc.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has a {@link dev.ttrpc.client.ClientInterceptor} bean stand around the calls of every channel. Stands on its class or factory method, as
 * {@code @Order} does, which decides who is outermost; see {@link TtrpcInterceptorOrder}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface GlobalTtrpcClientInterceptor {
    /** The names of the channels whose calls it sees. Default: all, those made for an address included. */
    String[] channels() default {};
}
