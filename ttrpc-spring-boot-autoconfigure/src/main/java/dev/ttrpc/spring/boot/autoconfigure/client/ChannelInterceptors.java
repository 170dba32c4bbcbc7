package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.spring.GlobalTtrpcClientInterceptor;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/** Puts the interceptors of a channel together. */
final class ChannelInterceptors {
    private final ListableBeanFactory beans;

    ChannelInterceptors(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * The interceptors of a channel, the outermost first: the global ones in their order, then the channel's own as listed.
     *
     * @param channel the channel's name, or null where it was made for an address
     * @param own the names of the channel's own
     */
    List<ClientInterceptor> find(@Nullable String channel, @Nullable List<String> own) {
        List<ClientInterceptor> found = new ArrayList<>();
        Set<ClientInterceptor> global = global(channel);
        if (!global.isEmpty()) {
            beans.getBeanProvider(ClientInterceptor.class)
                    .orderedStream()
                    .filter(global::contains)
                    .forEach(found::add);
        }
        if (own != null) {
            own.stream()
                    .map(name -> beans.getBean(name, ClientInterceptor.class))
                    .filter(interceptor -> !found.contains(interceptor))
                    .forEach(found::add);
        }
        return found;
    }

    /** The same with those that depend on the channel made for it. */
    static ClientInterceptor[] chain(List<ClientInterceptor> found, @Nullable String channel, TtrpcAddress address) {
        return found.stream()
                .map(interceptor -> forChannel(interceptor, channel, address))
                .toArray(ClientInterceptor[]::new);
    }

    private Set<ClientInterceptor> global(@Nullable String channel) {
        Set<ClientInterceptor> global = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : beans.getBeanNamesForAnnotation(GlobalTtrpcClientInterceptor.class)) {
            GlobalTtrpcClientInterceptor filter = beans.findAnnotationOnBean(name, GlobalTtrpcClientInterceptor.class);
            if (filter != null && covers(filter.channels(), channel)) {
                global.add(beans.getBean(name, ClientInterceptor.class));
            }
        }
        return global;
    }

    private static boolean covers(String[] channels, @Nullable String channel) {
        return channels.length == 0
                || (channel != null && Arrays.stream(channels).anyMatch(name -> EntryNames.equal(name, channel)));
    }

    private static ClientInterceptor forChannel(
            ClientInterceptor interceptor, @Nullable String channel, TtrpcAddress address) {
        return interceptor instanceof PerChannelInterceptor perChannel
                ? perChannel.forChannel(channel, address)
                : interceptor;
    }
}
