package com.example.greeter;

import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.spring.TtrpcEndpoint;

// snippet: endpoint
@TtrpcEndpoint
class GreeterEndpoint implements Greeter {
    @Override
    public HelloReply sayHello(HelloRequest request) {
        return HelloReply.newBuilder().setMessage("Hello " + request.getName()).build();
    }
    // end

    // snippet: stream
    @Override
    public void sayHelloOften(HelloRequest request, MessageWriter<HelloReply> replies) {
        if (request.getTimes() > 1000) {
            throw new TtrpcException(Status.INVALID_ARGUMENT.withDescription("more than 1000 times"));
        }
        for (int i = 0; i < request.getTimes(); i++) {
            replies.write(sayHello(request));
        }
    }
    // end
    // snippet: close
}
// end
