package dev.ttrpc.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Serves the node agent and calls it. With {@code --once} it ends after the report, with the profile {@code client} it only calls an agent that
 * runs already.
 */
@SpringBootApplication
public class SampleApplication {
    /** Starts the application; the arguments are those of Spring Boot and of {@link dev.ttrpc.sample.report.NodeReport}. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.addListeners(new PrivateSocketDirectory());
        ConfigurableApplicationContext context = application.run(args);
        if (context.getEnvironment().containsProperty("once")
                || context.getEnvironment().matchesProfiles("client")) {
            System.exit(SpringApplication.exit(context));
        }
    }
}
