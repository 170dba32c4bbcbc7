package com.example.greeter;

import dev.ttrpc.server.ServerCall;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.spring.GlobalTtrpcServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

// snippet: interceptor
@Component
@GlobalTtrpcServerInterceptor
class CallLog implements ServerInterceptor {
    private final List<String> ended = new CopyOnWriteArrayList<>();

    @Override
    public void intercept(ServerCall call, Next next) throws Exception {
        call.onEnd(status -> ended.add(call.method() + " " + status.code()));
        next.proceed(call);
    }
    // end

    List<String> ended() {
        return ended;
    }
}
