package dev.ttrpc.verification.codegen;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** The five types of one service, reached as nobody should outside of a test. */
record GeneratedService(Class<?> blocking, Class<?> async, Class<?> client, Class<?> asyncClient, Class<?> holder) {

    static GeneratedService named(String name) {
        try {
            return new GeneratedService(
                    Class.forName(name),
                    Class.forName(name + "Async"),
                    Class.forName(name + "Client"),
                    Class.forName(name + "AsyncClient"),
                    Class.forName(name + "Ttrpc"));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    String serviceName() {
        try {
            return (String) holder.getField("SERVICE_NAME").get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    List<MethodDescriptor<?, ?>> methods() {
        return (List<MethodDescriptor<?, ?>>) call("methods");
    }

    ServiceDefinition bind(Class<?> contract, Object service) {
        return (ServiceDefinition) call("bind", contract, service);
    }

    Object client(TtrpcChannel channel) {
        return call("client", TtrpcChannel.class, channel);
    }

    Object asyncClient(TtrpcChannel channel) {
        return call("asyncClient", TtrpcChannel.class, channel);
    }

    private Object call(String method) {
        try {
            return holder.getMethod(method).invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    private Object call(String method, Class<?> type, Object argument) {
        try {
            return holder.getMethod(method, type).invoke(null, argument);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return serviceName();
    }
}
