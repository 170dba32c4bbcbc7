package dev.ttrpc.verification.codegen;

import com.google.protobuf.Message;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Implements any served contract: every method answers with empty messages, and is remembered. */
final class EchoService implements InvocationHandler {
    private final List<String> called = Collections.synchronizedList(new ArrayList<>());

    Object as(Class<?> contract) {
        return Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, this);
    }

    /** The Java names of the methods called so far, in order. */
    List<String> called() {
        return List.copyOf(called);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
        }
        called.add(method.getName());
        Object input = arguments[0];
        Type answer = method.getGenericReturnType();
        if (method.getReturnType() == Flow.Publisher.class) {
            return Publishers.of(Messages.defaultOf(answer));
        }
        if (method.getReturnType() == CompletionStage.class) {
            return input instanceof Flow.Publisher<?> requests
                    ? Publishers.collect(requests).thenApply(all -> Messages.defaultOf(answer))
                    : CompletableFuture.completedFuture(Messages.defaultOf(answer));
        }
        if (input instanceof MessageReader<?> requests) {
            while (requests.read() != null) {
                // Only their end is of interest.
            }
        }
        if (method.getReturnType() != void.class) {
            return Messages.defaultOf(answer);
        }
        write(arguments[1], Messages.defaultOf(method.getGenericParameterTypes()[1]));
        return null;
    }

    @SuppressWarnings("unchecked") // the contract's writer takes the contract's message
    private static void write(Object writer, Message reply) {
        ((MessageWriter<Message>) writer).write(reply);
    }
}
