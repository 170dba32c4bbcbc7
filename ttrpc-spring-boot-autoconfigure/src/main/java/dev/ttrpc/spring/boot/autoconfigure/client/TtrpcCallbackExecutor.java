package dev.ttrpc.spring.boot.autoconfigure.client;

import java.util.concurrent.Executor;

/**
 * Where futures of async clients complete and their subscribers are called, so that they may wait. A bean of it replaces the one that
 * {@code spring.threads.virtual.enabled} chooses; a channel's {@code executor} goes before it. Not an {@link Executor} itself, which would have Spring Boot's own
 * back off.
 */
@FunctionalInterface
public interface TtrpcCallbackExecutor {
    Executor executor();
}
