package dev.ttrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.server.ServiceDefinition;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceBinderTests {
    private final HandlerExecutor common = HandlerExecutor.of(Runnable::run, 10);
    private final ServiceBinder binder = new ServiceBinder(common, 10, List.of());

    @AfterEach
    void close() {
        common.close();
    }

    private static ServiceDefinition service(String name, Executor executor) {
        return ServiceDefinition.builder(name).executor(executor).build();
    }

    @Test
    void servicesOfOneExecutorShareWhatRunsThem() {
        Executor own = task -> task.run();
        MethodTable first = binder.bind(List.of(service("test.A", own), service("test.B", own)));
        MethodTable second = binder.bind(List.of(service("test.C", own)));
        assertThat(first.executors()).hasSize(2).startsWith(common);
        assertThat(second.executors()).isEqualTo(first.executors()).isEqualTo(binder.executors());
    }

    @Test
    void executorOfServicesThatAreServedNoMoreIsForgotten() {
        MethodTable kept = binder.bind(List.of(service("test.Kept", task -> task.run())));
        for (int i = 0; i < 10; i++) {
            Executor own = new Own(i);
            assertThat(binder.bind(List.of(service("test.Gone", own))).executors())
                    .hasSize(2);
        }
        Awaitility.await().until(() -> {
            System.gc();
            return binder.executors().size() == 2;
        });
        assertThat(binder.executors()).isEqualTo(kept.executors());
        Reference.reachabilityFence(kept);
    }

    private record Own(int number) implements Executor {
        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }
}
