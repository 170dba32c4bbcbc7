package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import dev.ttrpc.MessageReader;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.internal.client.HandCalled;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.transport.HandLoops;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A whole connection of a client, against any server and any callers, all kinds of method in both APIs: each call ends exactly once, what is sent keeps to the protocol, and when the
 * channel is closed nothing of it is left.
 */
public final class ClientConnectionFuzz {
    private static final int LIMIT = Wire.LEAST_MAX_MESSAGE;
    private static final int[] IDS = {1, 3, 5, 7, 1, 3, 9, 2, 0, -1};
    private static final int[] TYPES = {2, 2, 2, 3, 3, 3, 1, 0};
    private static final int[] LENGTHS = {0, 1, 5, 300, 1500, 4000, LIMIT, LIMIT + 1};
    private static final int[] CODES = {0, 0, 0, 5, 14, 17, -1, 4};
    private static final int MOST_WAITS = 6;
    private static final int MOST_CALLS = 16;

    private static Connection current;

    private static final TransportProvider TRANSPORT = new TransportProvider() {
        @Override
        public String name() {
            return "fuzz";
        }

        @Override
        public boolean supports(TtrpcAddress address) {
            return address.scheme().equals("fuzz");
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return executor -> {
                throw new IllegalStateException("the loops are the test's");
            };
        }

        @Override
        public void connect(TtrpcAddress address, Bootstrap bootstrap, Promise<Channel> promise) {
            current.connect(bootstrap, promise);
        }

        @Override
        public Listener listen(TtrpcAddress address, ListenOptions options, ServerBootstrap bootstrap) {
            throw new UnsupportedOperationException();
        }
    };

    private static final TransportResources RESOURCES =
            TransportResources.builder().provider(TRANSPORT).build();

    static {
        HandLoops.use(RESOURCES, TRANSPORT, (EventLoopGroup) Proxy.newProxyInstance(
                ClientConnectionFuzz.class.getClassLoader(),
                new Class<?>[] {EventLoopGroup.class},
                (proxy, method, arguments) -> method.invoke(current.loop, arguments)));
    }

    private ClientConnectionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        try (LogWatch log = new LogWatch()) {
            current = new Connection(new Script(input), log);
            FuzzService.direct(current);
            current.run();
        }
    }

    /** One connection as its server sees it. */
    private static final class Line {
        final HandChannel channel;
        final Frames requests = new Frames(Integer.MAX_VALUE);
        final Map<Integer, Boolean> sending = new HashMap<>();
        int highest = -1;

        Line(HandChannel channel) {
            this.channel = channel;
        }

        void harvest() {
            byte[] written = channel.takeWritten();
            if (written.length > 0) {
                requests.add(written, this::sent);
                check(requests.isWhole() && !requests.broken, "half a frame was written");
            }
        }

        private void sent(int id, int type, int flags, int length, byte[] body) {
            check(length <= LIMIT, "a frame over the limit was written");
            if (type == Wire.REQUEST) {
                check((id & 1) == 1 && id > highest, "ids do not rise");
                check(flags == 0 || flags == 1 || flags == 6, "odd flags");
                highest = id;
                sending.put(id, flags == 6);
            } else {
                check(type == Wire.DATA, "a frame that clients do not send");
                check(sending.getOrDefault(id, false), "Data behind the end of input, or for a call that has none");
                check(flags == 0 || flags == 5 && length == 0, "odd flags");
                sending.put(id, flags == 0);
            }
        }
    }

    /** What a caller holds. */
    private abstract static class Handle {
        boolean busy;
        boolean over;

        abstract void use(int how);

        abstract void close();
    }

    private static final class Connection extends HandDriven implements FuzzService.Directions {
        private final Map<Object, int[]> calls = new IdentityHashMap<>();
        private final List<Handle> handles = new ArrayList<>();
        private final Deque<Runnable> later = new ArrayDeque<>();
        private final List<Line> lines = new ArrayList<>();
        private final TtrpcChannel channel;
        private int connects;
        private int waiting;
        private int mood;
        private boolean ending;
        private CompletableFuture<Void> shutdown;

        Connection(Script script, LogWatch log) {
            super(script, log);
            current = this;
            TtrpcChannel.Builder builder = TtrpcChannel.builder()
                    .address("fuzz:x")
                    .maxMessageSize(LIMIT)
                    .receiveBudget(2 * LIMIT)
                    .sendBudget(2048)
                    .intercept(interceptor())
                    .resources(RESOURCES);
            if (script.nextBoolean()) {
                builder.callbackExecutor(tasks);
            }
            channel = builder.build();
        }

        private ClientInterceptor interceptor() {
            return (call, next) -> {
                int[] ends = calls.computeIfAbsent(call, c -> new int[1]);
                call.onEnd(status -> ends[0]++);
                next.proceed(call);
            };
        }

        @Override
        public int mood() {
            return mood;
        }

        @Override
        public void later(Runnable completion) {
            later.add(completion);
        }

        void connect(Bootstrap bootstrap, Promise<Channel> promise) {
            switch (connects) {
                case 1 -> promise.tryFailure(new IOException("refused"));
                case 2 ->
                    later.add(() -> {
                        if (!promise.isDone()) {
                            loop.enter(() -> connectNow(bootstrap, promise));
                        }
                    });
                default -> connectNow(bootstrap, promise);
            }
        }

        private void connectNow(Bootstrap bootstrap, Promise<Channel> promise) {
            HandChannel made = new HandChannel(memory.allocator(), false);
            lines.add(new Line(made));
            bootstrap
                    .option(ChannelOption.ALLOCATOR, memory.allocator())
                    .channelFactory(() -> made)
                    .connect(new SocketAddress() {
                        private static final long serialVersionUID = 1L;
                    })
                    .addListener(done -> {
                        if (!promise.trySuccess(made)) {
                            made.close();
                        }
                    });
        }

        @Override
        void play() {
            int step = script.next();
            switch (step % 16) {
                case 0, 1, 2, 3 -> begin(step % 16, step >> 4);
                case 4 -> begin(4 + (step >> 4) % 4, step >> 6);
                case 5, 6, 7 -> {
                    if (!handles.isEmpty()) {
                        Handle handle = handles.get(script.choose(handles.size()));
                        use(handle, script.next());
                    }
                }
                case 8, 9 -> feed(step, answer());
                case 10 -> feed(step, anyFrame());
                case 11 -> feed(step, script.take(script.choose(32)));
                case 12 -> loop.advance(300L * (1 + script.choose(8)));
                case 13 -> {
                    mood = script.next();
                    tasks.run(step >= 128);
                    loop.run();
                    Runnable next = later.poll();
                    if (next != null) {
                        next.run();
                    }
                    loop.run();
                }
                case 14 -> {
                    int room = script.next();
                    eachLine(line -> line.channel.makeRoom(room == 255 ? Integer.MAX_VALUE : room * 8));
                }
                default -> rare(script.next());
            }
            harvest();
        }

        private void rare(int what) {
            switch (what % 8) {
                case 0 -> eachLine(line -> line.channel.end(what >= 128));
                case 1 -> connects = what / 8 % 3;
                case 2 -> tasks.refuses = what >= 128;
                case 3 -> {
                    if (what >= 200) {
                        CompletableFuture<Void> unused = channel.shutdown(Duration.ofHours(1));
                    }
                }
                case 4 -> mood = script.next();
                case 5 -> eachLine(line -> line.channel.read(1 + (what >> 3), bytes -> {}));
                default -> readAll();
            }
            loop.run();
        }

        private void eachLine(java.util.function.Consumer<Line> action) {
            List.copyOf(lines).forEach(line -> loop.enter(() -> action.accept(line)));
        }

        private void readAll() {
            for (Line line : List.copyOf(lines)) {
                while (line.channel.wantsToRead()) {
                    loop.enter(() -> line.channel.read(Integer.MAX_VALUE, bytes -> {}));
                }
            }
        }

        private void harvest() {
            checkLog();
            lines.forEach(Line::harvest);
        }

        // The server

        private void feed(int step, byte[] bytes) {
            if (!lines.isEmpty()) {
                Line line = lines.get(lines.size() - 1);
                line.channel.put(bytes);
                if (step >= 64) {
                    loop.enter(() -> line.channel.read(Integer.MAX_VALUE, read -> {}));
                }
            }
        }

        /** A frame that means something to most calls. */
        private byte[] answer() {
            int choice = script.next();
            int id = IDS[choice % 8 % 6];
            int length = LENGTHS[choice >> 5];
            byte[] message = new byte[length];
            if (length > 0) {
                message[0] = (byte) script.next();
            }
            if ((choice & 0x10) != 0) {
                return Frames.frame(id, Wire.DATA, (choice & 8) != 0 ? script.next() & 7 : 0, message);
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int code = (choice & 8) != 0 ? CODES[script.choose(8)] : 0;
            if (code != 0) {
                ByteArrayOutputStream status = new ByteArrayOutputStream();
                Frames.number(status, 1, code);
                Frames.field(status, 2, (code == 14 ? "server is shutting down" : "told to").getBytes());
                Frames.field(body, 1, status.toByteArray());
            } else if (length > 0) {
                Frames.field(body, 2, message);
            }
            return Frames.frame(id, Wire.RESPONSE, 0, body.toByteArray());
        }

        private byte[] anyFrame() {
            int id = IDS[script.choose(IDS.length)];
            int type = TYPES[script.choose(TYPES.length)];
            int flags = script.next();
            int length = script.next();
            return Frames.frame(
                    id, type, flags, length < 200 ? script.take(length) : new byte[LENGTHS[length % LENGTHS.length]]);
        }

        // The callers

        private byte[] message(int how) {
            byte[] message = new byte[LENGTHS[how & 7]];
            if (message.length > 0) {
                message[0] = (byte) ((how & 8) == 0 ? 0 : 0xf8 + (how >> 5));
            }
            return message;
        }

        private CallOptions options(int choice) {
            CallOptions options = CallOptions.DEFAULT;
            options = switch (choice & 3) {
                case 1 -> options.withDeadline(Duration.ofMillis(1500));
                case 2 -> options.withDeadline(Duration.ofSeconds(100));
                default -> options;
            };
            if ((choice & 4) != 0) {
                options = options.withWaitForReady(true);
            }
            return (choice & 8) != 0 ? options.withEndInputOnCancel(true) : options;
        }

        private void begin(int kind, int choice) {
            CallOptions options = options(choice);
            int how = script.next();
            if (calls.size() >= MOST_CALLS) {
                return;
            }
            switch (kind) {
                case 0 -> blocking(() -> channel.unary(FuzzService.method(0, 0), message(how), options));
                case 1 ->
                    blocking(() ->
                            add(new Reading(channel.serverStreaming(FuzzService.method(0, 1), message(how), options))));
                case 2 ->
                    blocking(() -> add(new Uploading(channel.clientStreaming(FuzzService.method(0, 2), options))));
                case 3 -> blocking(() -> add(new Chatting(channel.bidiStreaming(FuzzService.method(0, 3), options))));
                case 4 -> add(new Future(channel.unaryAsync(FuzzService.method(1, 0), message(how), options)));
                case 5 ->
                    add(new Subscriber(
                            how, channel.serverStreamingAsync(FuzzService.method(1, 1), message(how >> 4), options)));
                case 6 ->
                    add(new Future(channel.clientStreamingAsync(
                            FuzzService.method(1, 2),
                            new FuzzService.Words(how & 15, how >> 4 & 3, LENGTHS[how >> 6]),
                            options)));
                default ->
                    add(new Subscriber(
                            how,
                            channel.bidiStreamingAsync(
                                    FuzzService.method(1, 3),
                                    new FuzzService.Words(how & 15, how >> 4 & 3, 300),
                                    options)));
            }
            loop.run();
        }

        private void add(Handle handle) {
            handles.add(handle);
        }

        /** Runs what may wait, on a thread that is the slower the earlier it began. */
        private void blocking(Runnable call) {
            if (waiting == MOST_WAITS) {
                return;
            }
            waiting++;
            try {
                call.run();
            } catch (TtrpcException | Intended e) {
                check(e != null, "the call failed, as it may");
            } finally {
                waiting--;
            }
        }

        private void use(Handle handle, int how) {
            if (handle.busy || handle.over) {
                return;
            }
            handle.busy = true;
            try {
                blocking(() -> {
                    if (how >= 224) {
                        handle.over = true;
                        handle.close();
                    } else {
                        handle.use(how);
                    }
                });
            } finally {
                handle.busy = false;
            }
            loop.run();
        }

        private static final class Reading extends Handle {
            private final MessageReader<byte[]> reader;

            Reading(MessageReader<byte[]> reader) {
                this.reader = reader;
            }

            @Override
            void use(int how) {
                reader.read();
            }

            @Override
            void close() {
                reader.close();
            }
        }

        private final class Uploading extends Handle {
            private final UploadCall<byte[], byte[]> call;

            Uploading(UploadCall<byte[], byte[]> call) {
                this.call = call;
            }

            @Override
            void use(int how) {
                if ((how & 16) != 0) {
                    over = true;
                    call.finish();
                } else {
                    call.write(message(how));
                }
            }

            @Override
            void close() {
                call.close();
            }
        }

        private final class Chatting extends Handle {
            private final DuplexCall<byte[], byte[]> call;
            private boolean finished;

            Chatting(DuplexCall<byte[], byte[]> call) {
                this.call = call;
            }

            @Override
            void use(int how) {
                if ((how & 0x18) == 0x18) {
                    finished = true;
                    call.finish();
                } else if ((how & 0x10) != 0 || finished) {
                    call.read();
                } else {
                    call.write(message(how));
                }
            }

            @Override
            void close() {
                call.close();
            }
        }

        private static final class Future extends Handle {
            private final CompletableFuture<byte[]> future;

            Future(CompletableFuture<byte[]> future) {
                this.future = future;
            }

            @Override
            void use(int how) {
                if (how < 32) {
                    future.cancel(false);
                } else if (how < 40) {
                    future.complete(new byte[0]);
                }
            }

            @Override
            void close() {
                future.cancel(false);
            }
        }

        /** Subscribes at once. */
        private final class Subscriber extends Handle implements Flow.Subscriber<byte[]> {
            private final int mood;
            private Flow.Subscription subscription;
            private long wanted;
            private int ends;
            private boolean lost; // cancelled, or broke the rules

            Subscriber(int mood, Flow.Publisher<byte[]> publisher) {
                this.mood = mood % 6;
                publisher.subscribe(this);
            }

            @Override
            public void onSubscribe(Flow.Subscription given) {
                check(subscription == null, "subscribed twice");
                subscription = given;
                switch (mood) {
                    case 1 -> request(Long.MAX_VALUE / 2);
                    case 2 -> {}
                    case 3 -> {
                        lost = true;
                        given.request(0);
                    }
                    case 4 -> {
                        lost = true;
                        given.cancel();
                    }
                    default -> request(1);
                }
            }

            private void request(long count) {
                wanted += count;
                subscription.request(count);
            }

            @Override
            public void onNext(byte[] message) {
                check(wanted-- > 0, "a message that was not asked for");
                check(ends == 0, "a message behind the end");
                if (mood == 5) {
                    lost = true;
                    throw new Intended();
                }
                if (mood == 0) {
                    request(1);
                }
            }

            @Override
            public void onError(Throwable failure) {
                check(failure instanceof TtrpcException || lost || failure instanceof IllegalArgumentException, "odd");
                ends++;
            }

            @Override
            public void onComplete() {
                ends++;
            }

            @Override
            void use(int how) {
                if (how < 20) {
                    lost = true;
                    subscription.cancel();
                } else if (!lost) {
                    request(1);
                }
            }

            @Override
            void close() {
                if (!lost) {
                    request(1_000_000);
                }
            }
        }

        // The end

        @Override
        boolean takeOutput() {
            long before = taken();
            eachLine(line -> line.channel.makeRoom(Integer.MAX_VALUE));
            if (taken() == before) { // what waits for a connection holds output too
                connects = 0;
                for (int i = later.size(); i > 0; i--) {
                    later.remove().run();
                }
                loop.advance(1000);
            }
            harvest();
            return taken() > before;
        }

        private long taken() {
            return lines.stream().mapToLong(line -> line.channel.taken()).sum();
        }

        @Override
        boolean comeToRest() {
            boolean moved = lines.stream().anyMatch(line -> line.channel.isOpen() && line.channel.unread() > 0);
            tasks.refuses = false;
            eachLine(line -> line.channel.makeRoom(Integer.MAX_VALUE));
            readAll();
            moved |= tasks.run(false);
            loop.advance(500);
            harvest();
            return moved;
        }

        @Override
        void checkRest() {
            for (Line line : lines) {
                check(!line.channel.isOpen() || line.channel.unread() == 0, "a pause that does not end");
            }
        }

        @Override
        void end() {
            if (!ending) {
                ending = true;
                shutdown = channel.shutdown(Duration.ZERO); // also where it is drained, whose grace is of another clock
            }
            eachLine(line -> line.channel.end(false));
            for (Handle handle : List.copyOf(handles)) {
                if (!handle.busy && !handle.over) {
                    use(handle, 255);
                }
            }
            for (Runnable next = later.poll(); next != null; next = later.poll()) {
                next.run();
                loop.run();
            }
            tasks.run(false);
            loop.advance(1000);
            harvest();
        }

        @Override
        void checkEnd() {
            while (tasks.run(false) || !later.isEmpty()) {
                end();
            }
            check(waiting == 0, "somebody waits");
            check(HandCalled.leftovers(channel).isEmpty(), () -> "left: " + HandCalled.leftovers(channel));
            check(shutdown.isDone(), "the channel does not end");
            calls.values().forEach(ends -> check(ends[0] == 1, () -> "a call that ended " + ends[0] + " times"));
            for (Handle handle : handles) {
                if (handle instanceof Future future) {
                    check(future.future.isDone(), "a future that never completes");
                } else if (handle instanceof Subscriber subscriber) {
                    check(subscriber.ends <= 1, "a publisher that ends twice");
                    check(subscriber.ends == 1 || subscriber.lost, "a publisher that never ends");
                }
            }
        }
    }
}
