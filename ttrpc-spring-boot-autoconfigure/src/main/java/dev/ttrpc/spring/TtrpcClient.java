package dev.ttrpc.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Injects a generated client, {@code GreeterClient} or {@code GreeterAsyncClient}, of a configured channel. It is a qualifier: it stands wherever
 * Spring injects, at parameters of constructors and {@code @Bean} methods, fields and setters. Clients of one channel and type are one bean.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Qualifier
@Autowired
public @interface TtrpcClient {
    /** Stands for the channel of that name or, where there is none, for the only channel. */
    String DEFAULT_CHANNEL = "default";

    /**
     * The name of a channel under {@code ttrpc.client.channel}, or an address. May hold placeholders. Without it: the only channel if there is
     * one, else {@code default}.
     */
    String value() default DEFAULT_CHANNEL;
}
