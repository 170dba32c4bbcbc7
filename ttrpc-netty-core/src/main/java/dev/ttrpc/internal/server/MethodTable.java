package dev.ttrpc.internal.server;

import dev.ttrpc.internal.codec.RequestEnvelope;
import dev.ttrpc.internal.executor.HandlerExecutor;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds a method by the bytes of its names, without making strings of them. Immutable. */
final class MethodTable {
    private final @Nullable BoundMethod<?, ?>[] slots;
    private final Set<String> services = new HashSet<>();
    private final List<HandlerExecutor> executors;

    /** @param executors where the methods run, which know theirs by the index */
    MethodTable(List<BoundMethod<?, ?>> methods, Set<String> services, List<HandlerExecutor> executors) {
        this.executors = List.copyOf(executors);
        this.services.addAll(services);
        slots = new BoundMethod<?, ?>[Math.max(4, Integer.highestOneBit(methods.size() * 4))];
        for (BoundMethod<?, ?> method : methods) {
            byte[] service = method.serviceBytes();
            byte[] name = method.nameBytes();
            int slot = hash(service.length, last(service), name.length, last(name));
            while (slots[slot & slots.length - 1] != null) {
                slot++;
            }
            slots[slot & slots.length - 1] = method;
        }
    }

    /** The method that a Request names, or null. */
    @Nullable
    BoundMethod<?, ?> find(ByteBuf buffer, RequestEnvelope request) {
        int slot = hash(
                request.serviceLength(),
                last(buffer, request.serviceIndex(), request.serviceLength()),
                request.methodLength(),
                last(buffer, request.methodIndex(), request.methodLength()));
        while (true) {
            BoundMethod<?, ?> method = slots[slot++ & slots.length - 1];
            if (method == null) {
                return null;
            }
            if (same(method.serviceBytes(), buffer, request.serviceIndex(), request.serviceLength())
                    && same(method.nameBytes(), buffer, request.methodIndex(), request.methodLength())) {
                return method;
            }
        }
    }

    /** Where the methods run: a method knows its own by the index. */
    List<HandlerExecutor> executors() {
        return executors;
    }

    boolean hasService(String name) {
        return services.contains(name);
    }

    private static int hash(int serviceLength, int serviceEnd, int nameLength, int nameEnd) {
        int hash = ((serviceLength * 31 + serviceEnd) * 31 + nameLength) * 31 + nameEnd;
        return hash ^ hash >>> 15;
    }

    private static int last(byte[] name) {
        int last = 0;
        for (int i = Math.max(0, name.length - 6); i < name.length; i++) {
            last = last * 31 + name[i];
        }
        return last;
    }

    private static int last(ByteBuf buffer, int index, int length) {
        int last = 0;
        for (int i = Math.max(0, length - 6); i < length; i++) {
            last = last * 31 + buffer.getByte(index + i);
        }
        return last;
    }

    private static boolean same(byte[] name, ByteBuf buffer, int index, int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != buffer.getByte(index + i)) {
                return false;
            }
        }
        return true;
    }
}
