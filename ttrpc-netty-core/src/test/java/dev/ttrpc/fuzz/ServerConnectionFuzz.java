package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.ResponseEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.server.HandServed;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.TransportResources;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * A whole connection of a server, against any peer and any handlers: each Request gets its one terminal frame and nothing comes behind it, only a broken length ends the connection, and
 * when it is gone nothing of it is left.
 */
public final class ServerConnectionFuzz {
    private static final int LIMIT = Wire.LEAST_MAX_MESSAGE;
    private static final int MAX_METADATA = 100;
    private static final int[] IDS = {1, 3, 5, 7, 9, 11, 2, 0, -1, 0x7fffffff};
    private static final int[] TYPES = {1, 1, 1, 3, 3, 3, 2, 0, 4, 255};
    private static final int[] LENGTHS = {0, 1, 5, 300, 1500, 4000, LIMIT, LIMIT + 1};
    private static final long[] TIMEOUTS = {0, 0, 0, 1, -1, 1_500_000_000L, 10_000_000_000L, Long.MAX_VALUE};
    private static final String REUSED = "StreamID cannot be re-used and must increment";

    private static Connection current;

    private static final TtrpcServer SERVER = TtrpcServer.builder()
            .service(FuzzService.services())
            .intercept(interceptor())
            .executor(task -> current.tasks.execute(task))
            .maxMessageSize(LIMIT)
            .maxMetadataSize(MAX_METADATA)
            .maxConcurrentCalls(6)
            .receiveBudget(2 * LIMIT)
            .sendBudget(2048)
            .resources(TransportResources.builder().build())
            .build();

    private ServerConnectionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        try (LogWatch log = new LogWatch()) {
            current = new Connection(new Script(input), log);
            FuzzService.direct(current);
            current.begin();
            current.run();
        }
    }

    private static ServerInterceptor interceptor() {
        return (call, next) -> {
            int[] ends = current.calls.computeIfAbsent(call, c -> new int[1]);
            call.onEnd(status -> ends[0]++);
            String say = call.metadata().get("say");
            if ("end".equals(say)) {
                call.end(Status.PERMISSION_DENIED.withDescription("not you"));
            } else if ("throw".equals(say)) {
                throw new Intended();
            } else if (!"nothing".equals(say)) {
                next.proceed(call);
            }
        };
    }

    /** What was seen of one id. */
    private static final class Id {
        int requests;
        int oversizedRequests;
        int refusedData;
        int terminals;
        int reused;
        int kind = -1; // of the method that the only Request named, where that is known

        int live() {
            return refusedData + requests - reused - terminals;
        }
    }

    private static final class Connection extends HandDriven implements FuzzService.Directions {
        final Map<Object, int[]> calls = new java.util.IdentityHashMap<>();
        private final HandChannel channel = new HandChannel(memory.allocator(), true);
        private HandServed served;
        private final Deque<Runnable> later = new ArrayDeque<>();
        private final Map<Integer, Id> ids = new HashMap<>();
        private final Frames fed = new Frames(LIMIT);
        private final Frames answers = new Frames(Integer.MAX_VALUE);
        private final ResponseEnvelope envelope = new ResponseEnvelope();
        private int highest;
        private int even;
        private int evenRefused;
        private boolean mayClose;
        private int mood;

        Connection(Script script, LogWatch log) {
            super(script, log);
        }

        void begin() {
            channel.pipeline().addLast(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel registered) {
                    served = HandServed.serve(SERVER, registered);
                }
            });
            loop.enter(() -> loop.register(channel));
        }

        @Override
        public int mood() {
            return mood;
        }

        @Override
        public void later(Runnable completion) {
            later.add(completion);
        }

        @Override
        void play() {
            int step = script.next();
            switch (step % 16) {
                case 0, 1, 2 -> {
                    channel.put(request());
                    readIf(step);
                }
                case 3, 4, 5 -> {
                    channel.put(data());
                    readIf(step);
                }
                case 6 -> {
                    channel.put(anyFrame());
                    readIf(step);
                }
                case 7 -> {
                    channel.put(script.take(script.choose(32)));
                    readIf(step);
                }
                case 8 -> loop.enter(() -> channel.read(1 + script.next(), this::seen));
                case 9, 10 -> {
                    mood = script.next();
                    tasks.run(step >= 128);
                    loop.run();
                }
                case 11 -> {
                    mood = script.next();
                    Runnable next = step >= 128 ? later.pollLast() : later.pollFirst();
                    if (next != null) {
                        next.run();
                    }
                    loop.run();
                }
                case 12 -> loop.advance(300L * (1 + script.choose(8)));
                case 13 -> {
                    int room = script.next();
                    loop.enter(() -> channel.makeRoom(room == 255 ? Integer.MAX_VALUE : room * 8));
                }
                case 14 -> mood = script.next();
                default -> rare(script.next());
            }
            harvest();
        }

        private void rare(int what) {
            switch (what % 8) {
                case 0 -> {
                    mayClose = true;
                    loop.enter(() -> channel.end(what >= 128));
                }
                case 1 -> {
                    mayClose = true;
                    loop.enter(served::drain);
                }
                case 2 -> {
                    mayClose = true;
                    loop.enter(served::cut);
                }
                case 3, 4 -> tasks.refuses = what >= 128;
                default -> readAll();
            }
        }

        private void readIf(int step) {
            if (step >= 64) {
                loop.enter(() -> channel.read(Integer.MAX_VALUE, this::seen));
            }
        }

        private void readAll() {
            while (channel.wantsToRead()) {
                loop.enter(() -> channel.read(Integer.MAX_VALUE, this::seen));
            }
        }

        // What is fed

        private byte[] request() {
            int choice = script.next();
            int method = script.next();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int service = method >> 2;
            String name = FuzzService.SERVICES[service % 3];
            Frames.field(body, 1, bytes(method == 255 ? "f.None" : name));
            Frames.field(body, 2, bytes(method == 254 ? "None" : FuzzService.METHODS[method & 3]));
            byte[] payload = script.take(choice >> 5);
            if (payload.length > 0) {
                Frames.field(body, 3, payload);
            }
            int more = script.next();
            long timeout = TIMEOUTS[more & 7];
            if (timeout != 0) {
                Frames.number(body, 4, timeout);
            }
            String say = switch (more >> 3) {
                case 1 -> "end";
                case 2 -> "throw";
                case 3 -> "nothing";
                case 4 -> "x".repeat(MAX_METADATA);
                case 5 -> "";
                default -> null;
            };
            if (say != null) {
                ByteArrayOutputStream pair = new ByteArrayOutputStream();
                Frames.field(pair, 1, bytes("say"));
                Frames.field(pair, 2, bytes(say));
                Frames.field(body, 5, pair.toByteArray());
            }
            byte[] whole = body.toByteArray();
            if (more >= 240) {
                whole[script.next() % whole.length] ^= (byte) (1 << (more & 7));
            }
            return Frames.frame(IDS[choice % 8 % 6], Wire.REQUEST, flags(choice), whole);
        }

        private byte[] data() {
            int choice = script.next();
            byte[] body = new byte[LENGTHS[choice >> 5]];
            if (body.length > 0) {
                body[0] = (byte) script.next();
            }
            return Frames.frame(IDS[choice % 8 % 6], Wire.DATA, flags(choice), body);
        }

        private int flags(int choice) {
            return (choice & 0x18) == 0 ? script.next() & 7 : 0;
        }

        private byte[] anyFrame() {
            int id = IDS[script.choose(IDS.length)];
            int type = TYPES[script.choose(TYPES.length)];
            int flags = script.next();
            int length = script.next();
            return Frames.frame(
                    id, type, flags, length < 200 ? script.take(length) : new byte[LENGTHS[length % LENGTHS.length]]);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private void seen(byte[] read) {
            fed.add(read, (id, type, flags, length, body) -> {
                if ((id & 1) == 0) {
                    even++;
                } else if (type == Wire.REQUEST) {
                    Id seen = id(id);
                    seen.requests++;
                    seen.oversizedRequests += body == null ? 1 : 0;
                    seen.kind = kind(body);
                    if (Integer.compareUnsigned(id, highest) > 0) {
                        highest = id;
                    }
                } else if (type == Wire.DATA && Integer.compareUnsigned(id, highest) > 0) {
                    id(id).refusedData++;
                }
            });
            mayClose |= fed.broken;
        }

        private Id id(int id) {
            return ids.computeIfAbsent(id, i -> new Id());
        }

        private static int kind(byte[] body) {
            String text = body == null ? "" : new String(body, StandardCharsets.ISO_8859_1);
            for (int kind = 0; kind < 4; kind++) {
                for (String service : FuzzService.SERVICES) {
                    String head = "\n" + (char) service.length() + service + "\u0012"
                            + (char) FuzzService.METHODS[kind].length() + FuzzService.METHODS[kind];
                    if (text.startsWith(head)
                            && text.indexOf('\n', 1) < 0
                            && text.indexOf('\u0012', head.length()) < 0) {
                        return kind;
                    }
                }
            }
            return -1;
        }

        // What comes back

        private void harvest() {
            checkLog();
            byte[] written = channel.takeWritten();
            if (written.length > 0) {
                answers.add(written, this::answered);
                check(answers.isWhole() && !answers.broken, "half a frame was written");
            }
            check(mayClose || channel.isOpen(), "the connection was closed");
        }

        private void answered(int id, int type, int flags, int length, byte[] body) {
            check(length <= LIMIT, "a frame over the limit was written");
            if ((id & 1) == 0) {
                check(type == Wire.RESPONSE && status(body).code() == StatusCode.INVALID_ARGUMENT, "even id");
                evenRefused++;
                return;
            }
            Id seen = id(id);
            boolean known = seen.requests == 1 && seen.kind >= 0;
            if (type == Wire.DATA) {
                check(flags == 0 || flags == (Wire.REMOTE_CLOSED | Wire.NO_DATA) && length == 0, "odd flags");
                check(!known || (seen.kind & 1) != 0, "Data on a call with one answer");
                check(seen.live() > 0, "Data behind the end of its call, or before its begin");
                seen.terminals += flags == 0 ? 0 : 1;
            } else {
                check(type == Wire.RESPONSE && flags == 0, "a frame that servers do not send");
                Status status = status(body);
                check(!known || !status.isOk() || (seen.kind & 1) == 0, "an OK Response for a stream");
                check(status.codeValue() >= 0 && status.codeValue() <= 16, "a code that nobody knows");
                seen.terminals++;
                seen.reused += REUSED.equals(status.description()) ? 1 : 0;
                check(seen.live() >= 0, "a second terminal frame");
            }
        }

        private Status status(byte[] body) {
            try {
                envelope.parse(Unpooled.wrappedBuffer(body), 0, body.length);
                return envelope.status();
            } catch (MalformedException e) {
                throw new AssertionError("a Response that does not parse", e);
            }
        }

        // The end

        @Override
        boolean takeOutput() {
            long before = channel.taken();
            loop.enter(() -> channel.makeRoom(Integer.MAX_VALUE));
            harvest();
            return channel.taken() > before;
        }

        @Override
        boolean comeToRest() {
            boolean moved = channel.unread() > 0 && channel.isOpen();
            tasks.refuses = false;
            loop.enter(() -> channel.makeRoom(Integer.MAX_VALUE));
            readAll();
            moved |= tasks.run(false);
            loop.advance(500);
            harvest();
            return moved;
        }

        @Override
        void checkRest() {
            check(!channel.isOpen() || channel.unread() == 0, "a pause that does not end");
            if (!channel.isOpen()) {
                return;
            }
            check(even == evenRefused, "an even id was not answered");
            int least = 0;
            int most = 0;
            for (Id id : ids.values()) {
                check(id.live() <= 1 + id.oversizedRequests, "a Request without its terminal frame");
                least += Math.max(0, id.live() - id.oversizedRequests);
                most += id.live();
            }
            int live = served.liveCalls();
            int from = least;
            int to = most;
            check(from <= live && live <= to, () -> live + " calls live, by the frames " + from + " to " + to);
        }

        @Override
        void end() {
            mayClose = true;
            loop.enter(() -> channel.end(false));
            for (Runnable next = later.poll(); next != null; next = later.poll()) {
                next.run();
            }
            tasks.run(false);
            loop.advance(20);
            channel.takeWritten();
        }

        @Override
        void checkEnd() {
            while (tasks.run(false) || !later.isEmpty()) {
                end();
            }
            check(served.leftovers().isEmpty(), () -> "left: " + served.leftovers());
            calls.values().forEach(ends -> check(ends[0] == 1, () -> "a call that ended " + ends[0] + " times"));
        }
    }
}
