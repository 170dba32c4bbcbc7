package dev.ttrpc.verification.interop.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.containerd.events.TaskCreate;
import dev.ttrpc.containerd.events.TaskDelete;
import dev.ttrpc.containerd.events.TaskExit;
import dev.ttrpc.containerd.events.TaskStart;
import dev.ttrpc.containerd.runc.v1.Options;
import dev.ttrpc.containerd.task.v3.ConnectRequest;
import dev.ttrpc.containerd.task.v3.CreateTaskRequest;
import dev.ttrpc.containerd.task.v3.DeleteRequest;
import dev.ttrpc.containerd.task.v3.ShutdownRequest;
import dev.ttrpc.containerd.task.v3.StartRequest;
import dev.ttrpc.containerd.task.v3.StateRequest;
import dev.ttrpc.containerd.task.v3.TaskClient;
import dev.ttrpc.containerd.task.v3.WaitRequest;
import dev.ttrpc.containerd.v1.types.Status;
import dev.ttrpc.protobuf.NamedAny;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A shim without containerd: this project calls its tasks and serves its events, through the whole life of a container. */
class ShimByHandIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int EXIT_STATUS = 5;

    @TempDir(factory = ShortTempDir.class)
    private Path work;

    static Stream<Arguments> combinations() {
        return Stream.of(ContainerdPrograms.Release.values())
                .flatMap(release -> Stream.of(Stack.values()).map(stack -> Arguments.of(release, stack)));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void containerLivesAndDiesAndItsEventsArrive(ContainerdPrograms.Release release, Stack stack) throws Exception {
        ContainerdPrograms programs = ContainerdPrograms.of(release);
        String id = "c" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path output = work.resolve("out");
        try (ReceivedEvents events = new ReceivedEvents(work.resolve("ev.sock"), stack);
                Bundle bundle = Bundle.create(
                        work, id, Bundle.rootfs(work), "echo hello from $(cat /proc/1/comm); exit " + EXIT_STATUS);
                ShimProcess shim = ShimProcess.start(programs, "ttrpc-java", id, bundle, work.resolve("ev.sock"));
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(shim.address())
                        .deadline(BOUND)
                        .build()) {
            TaskClient tasks = TaskCalls.over(channel, programs.taskVersion(), stack);

            assertThat(tasks.connect(ConnectRequest.newBuilder().setId(id).build())
                            .getShimPid())
                    .isPositive();
            int pid = tasks.create(create(id, bundle, output)).getPid();
            assertThat(pid).isPositive();
            assertThat(state(tasks, id)).isEqualTo(Status.CREATED);
            assertThat(tasks.start(StartRequest.newBuilder().setId(id).build()).getPid())
                    .isEqualTo(pid);
            assertThat(tasks.wait_(WaitRequest.newBuilder().setId(id).build()).getExitStatus())
                    .isEqualTo(EXIT_STATUS);
            assertThat(state(tasks, id)).isEqualTo(Status.STOPPED);
            assertThat(tasks.delete(DeleteRequest.newBuilder().setId(id).build())
                            .getExitStatus())
                    .isEqualTo(EXIT_STATUS);
            assertThat(catchThrowableOfType(TtrpcException.class, () -> state(tasks, id))
                            .status()
                            .code())
                    .isEqualTo(StatusCode.NOT_FOUND);
            assertThat(Files.readString(output)).isEqualTo("hello from sh\n");
            // the exit may come behind the delete; what a shim that is shut down has not sent is lost
            await().atMost(BOUND)
                    .untilAsserted(() -> assertThat(events.topics())
                            .containsExactlyInAnyOrder(
                                    "/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete"));
            shutDown(tasks, id);

            await().atMost(BOUND).until(() -> Files.notExists(shim.socket()));
            for (ReceivedEvents.Forwarded event : events.received()) {
                checkEvent(event, id, pid, bundle);
            }
        }
    }

    /** Once this fails, Debian's shim is better than docs/interoperability.md says. */
    @Test
    void fileForOneOfOutputAndErrorsEndsTheOldShim() throws Exception {
        ContainerdPrograms programs = ContainerdPrograms.of(ContainerdPrograms.Release.SYSTEM);
        String id = "c" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        try (ReceivedEvents events = new ReceivedEvents(work.resolve("ev.sock"), Stack.BLOCKING);
                Bundle bundle = Bundle.create(work, id, Bundle.rootfs(work), "true");
                ShimProcess shim = ShimProcess.start(programs, "ttrpc-java", id, bundle, work.resolve("ev.sock"));
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(shim.address())
                        .deadline(BOUND)
                        .build()) {
            TaskClient tasks = TaskCalls.over(channel, programs.taskVersion(), Stack.BLOCKING);
            CreateTaskRequest one = create(id, bundle, work.resolve("out")).toBuilder()
                    .clearStderr()
                    .build();
            StartRequest start = StartRequest.newBuilder().setId(id).build();

            assertThat(catchThrowableOfType(ConnectionLostException.class, () -> {
                                tasks.create(one); // some die here already
                                tasks.start(start);
                            })
                            .neverSent())
                    .isFalse();
        }
    }

    private static CreateTaskRequest create(String id, Bundle bundle, Path output) throws Exception {
        return CreateTaskRequest.newBuilder()
                .setId(id)
                .setBundle(bundle.folder().toString())
                .setStdout("file://" + output)
                .setStderr("file://" + output) // both or none: with one of them Debian's shim dies
                .setOptions(options(bundle.folder().resolveSibling("runc")))
                .build();
    }

    // snippet: any
    private static Any options(Path root) { // its type URL is containerd.runc.v1.Options
        return NamedAny.pack(Options.newBuilder().setRoot(root.toString()).build());
    }

    private static int exitStatus(Any event) throws InvalidProtocolBufferException {
        return NamedAny.unpack(event, TaskExit.getDefaultInstance()).getExitStatus();
    }
    // end

    private static Status state(TaskClient tasks, String id) {
        return tasks.state(StateRequest.newBuilder().setId(id).build()).getStatus();
    }

    /** The shim ends as soon as it may, now and then before its answer is written. */
    private static void shutDown(TaskClient tasks, String id) {
        try {
            tasks.shutdown(ShutdownRequest.newBuilder().setId(id).build());
        } catch (ConnectionLostException e) {
            assertThat(e.neverSent()).isFalse();
        }
    }

    private static void checkEvent(ReceivedEvents.Forwarded event, String id, int pid, Bundle bundle)
            throws InvalidProtocolBufferException {
        assertThat(event.envelope().getNamespace()).isEqualTo("ttrpc-java");
        assertThat(event.envelope().hasTimestamp()).isTrue();
        assertThat(event.metadata().get("containerd-namespace-ttrpc")).isEqualTo("ttrpc-java");
        assertThat(event.deadline()).isNotNull();
        var packed = event.envelope().getEvent();
        switch (event.envelope().getTopic()) {
            case "/tasks/create" -> {
                TaskCreate created = NamedAny.unpack(packed, TaskCreate.getDefaultInstance());
                assertThat(created.getContainerId()).isEqualTo(id);
                assertThat(created.getPid()).isEqualTo(pid);
                assertThat(created.getBundle()).isEqualTo(bundle.folder().toString());
            }
            case "/tasks/start" ->
                assertThat(NamedAny.unpack(packed, TaskStart.getDefaultInstance()))
                        .isEqualTo(TaskStart.newBuilder()
                                .setContainerId(id)
                                .setPid(pid)
                                .build());
            case "/tasks/exit" -> assertThat(exitStatus(packed)).isEqualTo(EXIT_STATUS);
            default ->
                assertThat(NamedAny.unpack(packed, TaskDelete.getDefaultInstance())
                                .getExitStatus())
                        .isEqualTo(EXIT_STATUS);
        }
    }
}
