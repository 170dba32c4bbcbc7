package dev.ttrpc.fuzz;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;

/** Services of all four kinds of method in both contracts, which do what their messages, and the script, tell them: well, badly, later or never. */
final class FuzzService {
    static final String[] SERVICES = {"f.Blocking", "f.Async", "f.OnLoop"};
    static final String[] METHODS = {"Unary", "Server", "Client", "Bidi"};

    private static final int[] SIZES = {0, 1, 300, 3000};

    /** What the handlers of an input ask of it. */
    interface Directions {
        /** How the code that runs now is to behave. */
        int mood();

        /** Keeps what the script is to complete later. */
        void later(Runnable completion);
    }

    private static Directions directions;

    private FuzzService() {}

    static void direct(Directions by) {
        directions = by;
    }

    private static final List<List<MethodDescriptor<byte[], byte[]>>> DESCRIPTORS = IntStream.range(0, 3)
            .mapToObj(service -> IntStream.range(0, 4)
                    .mapToObj(kind -> describe(service, kind))
                    .toList())
            .toList();

    static MethodDescriptor<byte[], byte[]> method(int service, int kind) {
        return DESCRIPTORS.get(service).get(kind);
    }

    private static MethodDescriptor<byte[], byte[]> describe(int service, int kind) {
        FuzzMarshaller bytes = FuzzMarshaller.INSTANCE;
        String name = SERVICES[service];
        return switch (kind) {
            case 0 -> MethodDescriptor.unary(name, METHODS[kind], bytes, bytes);
            case 1 -> MethodDescriptor.serverStreaming(name, METHODS[kind], bytes, bytes);
            case 2 -> MethodDescriptor.clientStreaming(name, METHODS[kind], bytes, bytes);
            default -> MethodDescriptor.bidiStreaming(name, METHODS[kind], bytes, bytes);
        };
    }

    static ServiceDefinition[] services() {
        ServiceDefinition[] services = new ServiceDefinition[SERVICES.length];
        for (int i = 0; i < services.length; i++) {
            ServiceDefinition.Builder builder = ServiceDefinition.builder(SERVICES[i]);
            if (i == 0) {
                builder.unary(method(i, 0), FuzzService::unary)
                        .serverStreaming(method(i, 1), FuzzService::server)
                        .clientStreaming(method(i, 2), FuzzService::client)
                        .bidiStreaming(method(i, 3), FuzzService::bidi);
            } else {
                builder.unaryAsync(method(i, 0), FuzzService::unaryLater)
                        .serverStreamingAsync(method(i, 1), FuzzService::serverLater)
                        .clientStreamingAsync(method(i, 2), FuzzService::clientLater)
                        .bidiStreamingAsync(method(i, 3), FuzzService::bidiLater);
                if (i == 2) {
                    builder.onEventLoop();
                }
            }
            services[i] = builder.build();
        }
        return services;
    }

    private static int at(byte[] message, int index) {
        return message.length > index ? message[index] & 0xff : 0;
    }

    private static RuntimeException told() {
        return Status.NOT_FOUND
                .withDescription("told to")
                .withDetails(List.of(new Status.Detail("a/b", new byte[] {1})))
                .asException();
    }

    // Blocking

    private static byte[] unary(byte[] request) {
        return switch (at(request, 0) % 8) {
            case 1 -> throw told();
            case 2 -> throw new Intended();
            case 3 -> null;
            case 4 -> new byte[5000];
            case 5 -> new byte[3000];
            case 6 -> new byte[] {(byte) (0xfb + at(request, 1) % 3)};
            default -> request;
        };
    }

    private static void server(byte[] request, MessageWriter<byte[]> out) {
        for (int i = at(request, 1) % 5; i > 0; i--) {
            out.write(new byte[SIZES[at(request, 2) % 4]]);
        }
        switch (at(request, 0) % 6) {
            case 1 -> throw told();
            case 2 -> throw new Intended();
            case 3 -> out.write(new byte[5000]);
            case 4 -> out.write(new byte[] {(byte) (0xfb + at(request, 3) % 3)});
            default -> {}
        }
    }

    private static byte[] client(MessageReader<byte[]> in) {
        int length = 0;
        for (byte[] message = in.read(); message != null; message = in.read()) {
            length += message.length;
            switch (at(message, 0) % 6) {
                case 1 -> {
                    return new byte[] {1};
                }
                case 2 -> throw new Intended();
                case 3 -> {
                    in.close();
                    return new byte[3000];
                }
                default -> {}
            }
        }
        return new byte[] {0, (byte) length};
    }

    private static void bidi(MessageReader<byte[]> in, MessageWriter<byte[]> out) {
        for (byte[] message = in.read(); message != null; message = in.read()) {
            switch (at(message, 0) % 8) {
                case 1 -> {
                    return;
                }
                case 2 -> throw new Intended();
                case 3 -> {
                    in.close();
                    out.write(message);
                    return;
                }
                case 4 -> {
                    out.write(new byte[3000]);
                    out.write(new byte[2000]);
                }
                default -> out.write(message);
            }
        }
    }

    // Async

    private static CompletionStage<byte[]> unaryLater(byte[] request) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        switch (at(request, 0) % 9) {
            case 1 -> answer.completeExceptionally(told());
            case 2 -> throw new Intended();
            case 3 -> {
                return null;
            }
            case 4 -> answer.complete(null);
            case 5 -> answer.complete(new byte[3000]);
            case 6, 7 -> directions.later(() -> complete(answer));
            case 8 -> answer.complete(new byte[] {(byte) (0xfb + at(request, 1) % 3)});
            default -> answer.complete(request);
        }
        return answer;
    }

    private static void complete(CompletableFuture<byte[]> answer) {
        switch (directions.mood() % 5) {
            case 1 -> answer.completeExceptionally(new Intended());
            case 2 -> answer.complete(new byte[3000]);
            case 3 -> answer.complete(null);
            default -> answer.complete(new byte[] {9});
        }
    }

    private static Flow.Publisher<byte[]> serverLater(byte[] request) {
        if (at(request, 0) == 3) {
            return null;
        }
        return new Words(at(request, 0), at(request, 1) % 5, SIZES[at(request, 2) % 4]);
    }

    private static CompletionStage<byte[]> clientLater(Flow.Publisher<byte[]> in) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        int mood = directions.mood() % 7;
        if (mood == 3) {
            directions.later(() -> complete(answer));
        } else {
            in.subscribe(new Reader(mood, answer));
        }
        return answer;
    }

    private static Flow.Publisher<byte[]> bidiLater(Flow.Publisher<byte[]> in) {
        int mood = directions.mood() % 6;
        if (mood == 3) {
            in.subscribe(new Reader(directions.mood() % 7, new CompletableFuture<>()));
            return new Words(directions.mood(), 3, 300);
        }
        return out -> in.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                out.onSubscribe(subscription);
            }

            @Override
            public void onNext(byte[] message) {
                if (mood == 4) {
                    throw new Intended();
                }
                out.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {
                out.onError(failure);
            }

            @Override
            public void onComplete() {
                out.onComplete();
            }
        });
    }

    /** Takes messages as its mood is. */
    private static final class Reader implements Flow.Subscriber<byte[]> {
        private final int mood;
        private final CompletableFuture<byte[]> answer;
        private Flow.Subscription subscription;

        Reader(int mood, CompletableFuture<byte[]> answer) {
            this.mood = mood;
            this.answer = answer;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            switch (mood) {
                case 1 -> subscription.request(Long.MAX_VALUE);
                case 4 -> subscription.request(0);
                case 6 -> directions.later(() -> subscription.request(1));
                default -> subscription.request(1);
            }
        }

        @Override
        public void onNext(byte[] message) {
            switch (mood) {
                case 0 -> subscription.request(1);
                case 2 -> {
                    subscription.cancel();
                    answer.complete(message);
                }
                case 5 -> throw new Intended();
                case 6 -> directions.later(() -> subscription.request(1));
                default -> {}
            }
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            answer.complete(new byte[] {7});
        }
    }

    /** Publishes some messages: as it is asked to, at once, when the script wants it, or against the rules. */
    static final class Words implements Flow.Publisher<byte[]> {
        private final int mood;
        private final int count;
        private final int size;

        Words(int mood, int count, int size) {
            this.mood = mood % 10;
            this.count = count;
            this.size = size;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super byte[]> subscriber) {
            if (mood == 5) {
                throw new Intended();
            }
            List<byte[]> words = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                words.add(new byte[size]);
            }
            if (mood == 8) {
                words.add(new byte[] {(byte) (0xfb + count % 3)});
            }
            subscriber.onSubscribe(new Flow.Subscription() {
                private long wanted;
                private boolean sending;
                private boolean over;

                @Override
                public void request(long n) {
                    wanted += n;
                    if (mood == 6 || mood == 7) {
                        directions.later(this::send);
                    } else {
                        send();
                    }
                }

                private void send() {
                    if (sending) {
                        return;
                    }
                    sending = true;
                    while (!over && (wanted > 0 || mood == 9) && !words.isEmpty()) {
                        wanted--;
                        subscriber.onNext(words.remove(0));
                    }
                    sending = false;
                    if (!over && words.isEmpty()) {
                        over = true;
                        if (mood == 4) {
                            subscriber.onError(new Intended());
                        } else {
                            subscriber.onComplete();
                        }
                    }
                }

                @Override
                public void cancel() {
                    over = true;
                    if (mood == 7) {
                        throw new Intended();
                    }
                }
            });
        }
    }
}
