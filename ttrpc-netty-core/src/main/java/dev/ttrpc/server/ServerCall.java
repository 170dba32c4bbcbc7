package dev.ttrpc.server;

import dev.ttrpc.Call;
import dev.ttrpc.CallContext;
import java.util.function.UnaryOperator;

/** A call that this process serves, as its interceptors see it. */
public interface ServerCall extends Call {
    CallContext context();

    /**
     * Has what the handler fails with replaced before it becomes a status, whether it was thrown or came through a stage or publisher. The mapper
     * added last, which is the innermost interceptor's, is asked first.
     */
    void mapFailure(UnaryOperator<Throwable> mapper);
}
