package dev.ttrpc.calls;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/** A service of all four kinds of method over strings, as the generator would write it, in both contracts. */
final class Texts {
    static final String SERVICE = "test.Texts";
    static final MethodDescriptor<String, String> ECHO =
            MethodDescriptor.unary(SERVICE, "Echo", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    static final MethodDescriptor<String, String> SPLIT =
            MethodDescriptor.serverStreaming(SERVICE, "Split", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    static final MethodDescriptor<String, String> JOIN =
            MethodDescriptor.clientStreaming(SERVICE, "Join", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    static final MethodDescriptor<String, String> CHAT =
            MethodDescriptor.bidiStreaming(SERVICE, "Chat", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    private Texts() {}

    static ServiceDefinition blocking() {
        return ServiceDefinition.builder(SERVICE)
                .unary(ECHO, Texts::echo)
                .serverStreaming(SPLIT, Texts::split)
                .clientStreaming(JOIN, Texts::join)
                .bidiStreaming(CHAT, Texts::chat)
                .build();
    }

    /** The blocking contract, where a unary call that does not wait runs on the event loop. */
    static ServiceDefinition nonBlocking() {
        return ServiceDefinition.builder(SERVICE)
                .unary(ECHO, Texts::echo)
                .serverStreaming(SPLIT, Texts::split)
                .clientStreaming(JOIN, Texts::join)
                .bidiStreaming(CHAT, Texts::chat)
                .onEventLoop(ECHO, text -> !text.equals("hang"))
                .build();
    }

    static ServiceDefinition async(boolean onEventLoop) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(SERVICE)
                .unaryAsync(ECHO, Texts::echoLater)
                .serverStreamingAsync(SPLIT, Texts::splitLater)
                .clientStreamingAsync(JOIN, Texts::joinLater)
                .bidiStreamingAsync(CHAT, Texts::chatLater);
        return (onEventLoop ? builder.onEventLoop() : builder).build();
    }

    /** Fails as the text says: "fail ...", "throw ...", "null"; answers "repeat LENGTH", "metadata KEY" and else the text itself. */
    private static String echo(String text) {
        if (text.startsWith("fail ")) {
            throw Status.NOT_FOUND
                    .withDescription(text.substring(5))
                    .withDetails(List.of(new Status.Detail("example/type", new byte[] {1, 2})))
                    .asException();
        } else if (text.startsWith("throw ")) {
            throw new IllegalStateException(text.substring(6));
        } else if (text.equals("null")) {
            return null;
        } else if (text.startsWith("repeat ")) {
            return "x".repeat(Integer.parseInt(text.substring(7)));
        } else if (text.startsWith("metadata ")) {
            return String.join(
                    ",",
                    Objects.requireNonNull(CallContext.current()).metadata().getAll(text.substring(9)));
        } else if (text.equals("hang")) {
            CallContext context = Objects.requireNonNull(CallContext.current());
            CompletableFuture<Status> cancelled = new CompletableFuture<>();
            context.onCancel(cancelled::complete);
            return "cancelled: " + cancelled.join();
        }
        return text;
    }

    private static void split(String text, MessageWriter<String> words) {
        if (text.equals("hang")) {
            echo(text);
            return;
        }
        for (String word : text.split(" ", -1)) {
            if (word.equals("fail")) {
                throw Status.ABORTED.withDescription("told to").asException();
            }
            words.write(word);
        }
    }

    private static String join(MessageReader<String> words) {
        List<String> all = new ArrayList<>();
        for (String word : words) {
            if (word.equals("enough")) {
                return String.join(" ", all);
            }
            all.add(word);
        }
        return String.join(" ", all);
    }

    private static void chat(MessageReader<String> in, MessageWriter<String> out) {
        for (String text : in) {
            out.write(echo(text));
        }
    }

    private static CompletionStage<String> echoLater(String text) {
        if (text.equals("hang")) {
            CompletableFuture<String> cancelled = new CompletableFuture<>();
            Objects.requireNonNull(CallContext.current())
                    .onCancel(status -> cancelled.complete("cancelled: " + status));
            return cancelled;
        }
        try {
            return CompletableFuture.completedFuture(echo(text));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Flow.Publisher<String> splitLater(String text) {
        if (text.equals("hang")) {
            return new SubmissionPublisher<>(Runnable::run, 1);
        }
        return subscriber -> {
            SubmissionPublisher<String> words = new SubmissionPublisher<>(Runnable::run, 1024);
            words.subscribe(subscriber);
            for (String word : text.split(" ", -1)) {
                if (word.equals("fail")) {
                    words.closeExceptionally(
                            Status.ABORTED.withDescription("told to").asException());
                    return;
                }
                words.submit(word);
            }
            words.close();
        };
    }

    private static CompletionStage<String> joinLater(Flow.Publisher<String> words) {
        CompletableFuture<String> joined = new CompletableFuture<>();
        words.subscribe(new Flow.Subscriber<>() {
            private final List<String> all = new ArrayList<>();
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                this.subscription = subscription;
                subscription.request(1);
            }

            @Override
            public void onNext(String word) {
                if (word.equals("enough")) {
                    subscription.cancel();
                    onComplete();
                } else {
                    all.add(word);
                    subscription.request(1);
                }
            }

            @Override
            public void onError(Throwable failure) {
                joined.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                joined.complete(String.join(" ", all));
            }
        });
        return joined;
    }

    private static Flow.Publisher<String> chatLater(Flow.Publisher<String> in) {
        return out -> in.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                out.onSubscribe(subscription);
            }

            @Override
            public void onNext(String text) {
                out.onNext(echo(text));
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
}
