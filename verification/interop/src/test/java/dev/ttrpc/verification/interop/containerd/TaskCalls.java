package dev.ttrpc.verification.interop.containerd;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.containerd.task.v3.TaskClient;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The task service of a shim, whichever version it serves and by whichever stack it is called, in the types of version 3: the messages of both versions are equal field
 * by field and differ as Java types.
 */
final class TaskCalls {
    private TaskCalls() {}

    static TaskClient over(TtrpcChannel channel, int version, Stack stack) {
        Object client = switch (version) {
            case 2 ->
                stack == Stack.BLOCKING
                        ? dev.ttrpc.containerd.task.v2.TaskTtrpc.client(channel)
                        : dev.ttrpc.containerd.task.v2.TaskTtrpc.asyncClient(channel);
            case 3 ->
                stack == Stack.BLOCKING
                        ? dev.ttrpc.containerd.task.v3.TaskTtrpc.client(channel)
                        : dev.ttrpc.containerd.task.v3.TaskTtrpc.asyncClient(channel);
            default -> throw new IllegalArgumentException("no version of the task service: " + version);
        };
        Class<?> contract = client.getClass().getInterfaces()[0];
        InvocationHandler calls = (proxy, method, arguments) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            Method target = Arrays.stream(contract.getMethods())
                    .filter(each -> each.getName().equals(method.getName()) && each.getParameterCount() == 2)
                    .findFirst()
                    .orElseThrow();
            Message request = as((Message) arguments[0], target.getParameterTypes()[0]);
            return as(answer(target, client, request, (CallOptions) arguments[1]), method.getReturnType());
        };
        return (TaskClient)
                Proxy.newProxyInstance(TaskCalls.class.getClassLoader(), new Class<?>[] {TaskClient.class}, calls);
    }

    private static Message answer(Method target, Object client, Message request, CallOptions options) throws Throwable {
        try {
            Object answer = target.invoke(client, request, options);
            return (Message) (answer instanceof CompletableFuture<?> future ? future.join() : answer);
        } catch (InvocationTargetException | CompletionException e) {
            throw e.getCause();
        }
    }

    /** The same message as another Java type. */
    private static Message as(Message message, Class<?> type) throws ReflectiveOperationException {
        if (type.isInstance(message)) {
            return message;
        }
        MessageLite prototype =
                (MessageLite) type.getMethod("getDefaultInstance").invoke(null);
        try {
            return (Message) prototype.getParserForType().parseFrom(message.toByteString());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException("the versions differ in " + type.getSimpleName(), e);
        }
    }
}
