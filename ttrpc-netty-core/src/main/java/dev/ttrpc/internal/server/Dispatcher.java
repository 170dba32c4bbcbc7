package dev.ttrpc.internal.server;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a handler failed with into the status that ends its call: the only place that does. */
final class Dispatcher {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final String INTERNAL_ERROR = "internal error";

    private final boolean exposeFailures;
    private final Function<Throwable, @Nullable Status> mapper;

    Dispatcher(ServerConfig config) {
        this.exposeFailures = config.exposeFailures();
        this.mapper = config.failureMapper();
    }

    /** The status for the peer, its cause kept for listeners in this process. Logs what the handler did not mean to tell. */
    Status statusOf(Throwable thrown, BoundMethod<?, ?> method) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
            if (t instanceof TtrpcException failure) {
                if (failure.origin() == TtrpcException.Origin.USER || method.propagateStatuses()) {
                    return failure.status().withCause(thrown);
                }
                log.warn("{}: a call that the handler made failed: {}", method.descriptor(), failure.status(), thrown);
                return Status.UNKNOWN
                        .withDescription(exposeFailures ? failure.status().toString() : INTERNAL_ERROR)
                        .withCause(thrown);
            }
        }
        log.error("{}: the handler failed", method.descriptor(), thrown);
        Throwable meant = unwrap(thrown);
        Status mapped = mapped(meant, method);
        if (mapped != null && !mapped.isOk()) {
            return mapped.withCause(thrown);
        }
        String text = exposeFailures ? String.valueOf(meant.getMessage()) : INTERNAL_ERROR;
        return Status.of(defaultCode(meant)).withDescription(text).withCause(thrown);
    }

    private @Nullable Status mapped(Throwable failure, BoundMethod<?, ?> method) {
        try {
            return mapper.apply(failure);
        } catch (RuntimeException | Error e) {
            log.error("{}: the mapper of failures failed", method.descriptor(), e);
            return null;
        }
    }

    private static StatusCode defaultCode(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return StatusCode.DEADLINE_EXCEEDED;
        } else if (failure instanceof CancellationException) {
            return StatusCode.CANCELLED;
        } else if (failure instanceof NoSuchFileException) {
            return StatusCode.NOT_FOUND;
        } else if (failure instanceof FileAlreadyExistsException) {
            return StatusCode.ALREADY_EXISTS;
        } else if (failure instanceof AccessDeniedException) {
            return StatusCode.PERMISSION_DENIED;
        }
        return StatusCode.UNKNOWN;
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable t = thrown;
        while ((t instanceof CompletionException || t instanceof ExecutionException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }
}
