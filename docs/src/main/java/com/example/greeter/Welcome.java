package com.example.greeter;

import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.spring.TtrpcClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

// snippet: client
@Component
class Welcome {
    private final GreeterClient greeter;

    Welcome(@TtrpcClient("greeter") GreeterClient greeter) {
        this.greeter = greeter;
    }

    String welcome(String name) {
        HelloRequest request = HelloRequest.newBuilder().setName(name).build();
        return greeter.sayHello(request, CallOptions.deadline(Duration.ofSeconds(2)))
                .getMessage();
    }
    // end

    // snippet: stream
    List<String> welcomeOften(String name, int times) {
        HelloRequest request =
                HelloRequest.newBuilder().setName(name).setTimes(times).build();
        List<String> messages = new ArrayList<>();
        try (MessageReader<HelloReply> replies = greeter.sayHelloOften(request)) {
            for (HelloReply reply : replies) {
                messages.add(reply.getMessage());
            }
        }
        return messages;
    }
    // end

    // snippet: failure
    String welcomeOrNothing(String name) {
        try {
            return welcome(name);
        } catch (TtrpcException e) {
            if (e.status().code() == StatusCode.UNAVAILABLE) {
                return "";
            }
            throw e;
        }
    }
    // end
    // snippet: close
}
// end
