package com.example.greeter;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

// snippet: runner
@Component
class WelcomeRunner implements ApplicationRunner {
    private final Welcome welcome;

    WelcomeRunner(Welcome welcome) {
        this.welcome = welcome;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        System.out.println(welcome.welcome("ttrpc"));
    }
}
// end
