package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.protobuf.ProtobufMarshaller;
import java.util.List;

/** The methods of one of the two services, which differ in their name and in the contract that the server implements them by. */
public final class LoadMethods {
    /** Served with the blocking contract. */
    public static final LoadMethods BLOCKING = new LoadMethods("ttrpc.benchmark.v1.Blocking");
    /** Served with the async contract. */
    public static final LoadMethods ASYNC = new LoadMethods("ttrpc.benchmark.v1.Async");

    public static final List<LoadMethods> BOTH = List.of(BLOCKING, ASYNC);

    private final String service;
    private final MethodDescriptor<LoadMessage, LoadMessage> echo;
    private final MethodDescriptor<LoadMessage, LoadMessage> fail;
    private final MethodDescriptor<LoadMessage, LoadMessage> hang;
    private final MethodDescriptor<LoadMessage, LoadMessage> download;
    private final MethodDescriptor<LoadMessage, LoadMessage> upload;
    private final MethodDescriptor<LoadMessage, LoadMessage> stall;
    private final MethodDescriptor<LoadMessage, LoadMessage> chat;

    private LoadMethods(String service) {
        this.service = service;
        ProtobufMarshaller<LoadMessage> marshaller = ProtobufMarshaller.of(LoadMessage.getDefaultInstance());
        echo = MethodDescriptor.unary(service, "Echo", marshaller, marshaller);
        fail = MethodDescriptor.unary(service, "Fail", marshaller, marshaller);
        hang = MethodDescriptor.unary(service, "Hang", marshaller, marshaller);
        download = MethodDescriptor.serverStreaming(service, "Download", marshaller, marshaller);
        upload = MethodDescriptor.clientStreaming(service, "Upload", marshaller, marshaller);
        stall = MethodDescriptor.clientStreaming(service, "Stall", marshaller, marshaller);
        chat = MethodDescriptor.bidiStreaming(service, "Chat", marshaller, marshaller);
    }

    public String service() {
        return service;
    }

    /** Answers with its request; with a payload of another size where the request asks for one. Counted by its number. */
    public MethodDescriptor<LoadMessage, LoadMessage> echo() {
        return echo;
    }

    /** Ends with the status code that is the request's {@code count}. */
    public MethodDescriptor<LoadMessage, LoadMessage> fail() {
        return fail;
    }

    /** Ends when it is cancelled. */
    public MethodDescriptor<LoadMessage, LoadMessage> hang() {
        return hang;
    }

    /** Sends {@code count} messages of {@code size} bytes, numbered from the request's number on. */
    public MethodDescriptor<LoadMessage, LoadMessage> download() {
        return download;
    }

    /** Takes messages whose numbers must rise from 0 by 1, and answers with how many there were. */
    public MethodDescriptor<LoadMessage, LoadMessage> upload() {
        return upload;
    }

    /** Takes no message, and ends when it is cancelled. */
    public MethodDescriptor<LoadMessage, LoadMessage> stall() {
        return stall;
    }

    /** Sends each message back. */
    public MethodDescriptor<LoadMessage, LoadMessage> chat() {
        return chat;
    }

    @Override
    public String toString() {
        return service;
    }
}
