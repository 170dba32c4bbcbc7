package dev.ttrpc.internal.server;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams that live on one connection, and which ids it has used. Belongs to the event loop. */
final class StreamRegistry {
    private final NettyServer server;
    private final IntObjectMap<ServerStream<?, ?>> live = new IntObjectHashMap<>();
    private int highestId;

    StreamRegistry(NettyServer server) {
        this.server = server;
    }

    /** The stream whose call runs under this id, or null. */
    @Nullable
    ServerStream<?, ?> find(int id) {
        return live.get(id);
    }

    void add(ServerStream<?, ?> stream) {
        live.put(stream.streamId(), stream);
        server.callBegan();
    }

    void remove(ServerStream<?, ?> stream) {
        live.remove(stream.streamId());
        server.callEnded();
    }

    int size() {
        return live.size();
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /** The streams, not to be changed meanwhile. */
    Iterable<ServerStream<?, ?>> all() {
        return live.values();
    }

    /** The streams as they are now, for whoever ends them. */
    List<ServerStream<?, ?>> copy() {
        return List.copyOf(live.values());
    }

    /** Whether a Request had this id, or a higher one. */
    boolean isUsed(int id) {
        return Integer.compareUnsigned(id, highestId) <= 0;
    }

    /** A Request came with this id. */
    void noteId(int id) {
        if (!isUsed(id)) {
            highestId = id;
        }
    }
}
