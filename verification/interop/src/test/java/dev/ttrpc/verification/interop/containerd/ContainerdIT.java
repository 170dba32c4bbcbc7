package dev.ttrpc.verification.interop.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.containerd.events.TaskOOM;
import dev.ttrpc.containerd.runc.v1.ProcessDetails;
import dev.ttrpc.containerd.services.events.v1.EventsClient;
import dev.ttrpc.containerd.services.events.v1.EventsTtrpc;
import dev.ttrpc.containerd.services.events.v1.ForwardRequest;
import dev.ttrpc.containerd.task.v3.CloseIORequest;
import dev.ttrpc.containerd.task.v3.ConnectRequest;
import dev.ttrpc.containerd.task.v3.CreateTaskRequest;
import dev.ttrpc.containerd.task.v3.DeleteRequest;
import dev.ttrpc.containerd.task.v3.ExecProcessRequest;
import dev.ttrpc.containerd.task.v3.KillRequest;
import dev.ttrpc.containerd.task.v3.PauseRequest;
import dev.ttrpc.containerd.task.v3.PidsRequest;
import dev.ttrpc.containerd.task.v3.ResizePtyRequest;
import dev.ttrpc.containerd.task.v3.ResumeRequest;
import dev.ttrpc.containerd.task.v3.ShutdownRequest;
import dev.ttrpc.containerd.task.v3.StartRequest;
import dev.ttrpc.containerd.task.v3.StateRequest;
import dev.ttrpc.containerd.task.v3.StateResponse;
import dev.ttrpc.containerd.task.v3.StatsRequest;
import dev.ttrpc.containerd.task.v3.TaskClient;
import dev.ttrpc.containerd.task.v3.UpdateTaskRequest;
import dev.ttrpc.containerd.task.v3.WaitRequest;
import dev.ttrpc.containerd.types.Envelope;
import dev.ttrpc.containerd.v1.types.Status;
import dev.ttrpc.protobuf.NamedAny;
import dev.ttrpc.verification.interop.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The shim of a running container, called beside containerd, which goes on as if nobody had; and containerd's own socket for events. */
@ParameterizedClass
@EnumSource(ContainerdPrograms.Release.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerdIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final long GO_ZERO_TIME = -62_135_596_800L; // seconds: the year 1
    private static final int KILLED = 128 + 9;

    @TempDir(factory = ShortTempDir.class)
    private static Path folder;

    @Parameter
    private ContainerdPrograms.Release release;

    private String id;
    private Path work;
    private ContainerdPrograms programs;
    private Daemon daemon;
    private TtrpcChannel channel;

    @BeforeParameterizedClassInvocation
    void startContainer() throws Exception {
        programs = ContainerdPrograms.of(release);
        id = "c" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        work = Files.createDirectory(folder.resolve(id));
        daemon = Daemon.start(programs, work, "ttrpc-java-" + id);
        daemon.run(id, Bundle.rootfs(work), "/bin/sleep", "3600");
        channel = TtrpcChannel.builder()
                .address(daemon.shimAddress(id))
                .deadline(BOUND)
                .build();
    }

    @AfterParameterizedClassInvocation
    void endContainer() throws Exception {
        if (channel != null) {
            channel.close();
        }
        if (daemon != null) {
            try (Daemon ending = daemon) {
                assertThat(ending.ctr("task", "ls"))
                        .as("containerd has not noticed anything")
                        .contains(id)
                        .contains("RUNNING");
            }
        }
    }

    private TaskClient tasks(Stack stack) {
        return TaskCalls.over(channel, programs.taskVersion(), stack);
    }

    @Test
    void runningContainerIsDescribed() throws Exception {
        for (Stack stack : Stack.values()) {
            TaskClient tasks = tasks(stack);
            StateResponse state =
                    tasks.state(StateRequest.newBuilder().setId(id).build());

            assertThat(state.getStatus()).isEqualTo(Status.RUNNING);
            assertThat(state.getExitedAt().getSeconds()).isEqualTo(GO_ZERO_TIME);
            assertThat(tasks.connect(ConnectRequest.newBuilder().setId(id).build())
                            .getTaskPid())
                    .isEqualTo(state.getPid());
            assertThat(tasks.pids(PidsRequest.newBuilder().setId(id).build()).getProcessesList())
                    .anyMatch(process -> process.getPid() == state.getPid());
            Any stats = tasks.stats(StatsRequest.newBuilder().setId(id).build()).getStats();
            assertThat(NamedAny.typeName(stats)).matches("io\\.containerd\\.cgroups\\.v[12]\\.Metrics");
            assertThat(daemon.ctr("task", "ls")).contains(String.valueOf(state.getPid()));
        }
    }

    @Test
    void pausedContainerGoesOn() {
        for (Stack stack : Stack.values()) {
            TaskClient tasks = tasks(stack);
            tasks.pause(PauseRequest.newBuilder().setId(id).build());
            Status paused = status(tasks, "");
            tasks.resume(ResumeRequest.newBuilder().setId(id).build());

            assertThat(paused).isEqualTo(Status.PAUSED);
            assertThat(status(tasks, "")).isEqualTo(Status.RUNNING);
        }
    }

    @Test
    void processRunsInsideWithItsInputAndOutputAndExitStatus() throws Exception {
        for (Stack stack : Stack.values()) {
            String exec = "io-" + stack;
            TaskClient tasks = tasks(stack);
            Path in = fifo(exec + ".in");
            Path out = fifo(exec + ".out");
            Path err = fifo(exec + ".err");
            CompletableFuture<String> output = reading(out);
            CompletableFuture<String> errors = reading(err);
            tasks.exec(exec(exec, "cat; echo to the side >&2; exit 7")
                    .setStdin(in.toString())
                    .setStdout(out.toString())
                    .setStderr(err.toString())
                    .build());
            CompletableFuture<OutputStream> input = opening(in);

            int pid = tasks.start(
                            StartRequest.newBuilder().setId(id).setExecId(exec).build())
                    .getPid();
            assertThat(pid).isPositive();
            assertThat(status(tasks, exec)).isEqualTo(Status.RUNNING);
            assertThat(tasks.pids(PidsRequest.newBuilder().setId(id).build()).getProcessesList())
                    .anyMatch(process -> process.getInfo()
                            .equals(NamedAny.pack(
                                    ProcessDetails.newBuilder().setExecId(exec).build())));
            try (OutputStream to = input.get(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                to.write("from Java\n".getBytes(StandardCharsets.UTF_8));
            }
            tasks.closeIO(CloseIORequest.newBuilder()
                    .setId(id)
                    .setExecId(exec)
                    .setStdin(true)
                    .build());

            assertThat(exitStatus(tasks, exec)).isEqualTo(7);
            assertThat(output.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("from Java\n");
            assertThat(errors.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("to the side\n");
            assertThat(delete(tasks, exec)).isEqualTo(7);
        }
    }

    @Test
    void killedProcessSaysSo() {
        for (Stack stack : Stack.values()) {
            String exec = "kill-" + stack;
            TaskClient tasks = tasks(stack);
            tasks.exec(exec(exec, "sleep 3600").build());
            assertThat(failure(() -> tasks.exec(exec(exec, "true").build()))).isEqualTo(StatusCode.ALREADY_EXISTS);
            tasks.start(StartRequest.newBuilder().setId(id).setExecId(exec).build());
            KillRequest kill = KillRequest.newBuilder()
                    .setId(id)
                    .setExecId(exec)
                    .setSignal(9)
                    .build();
            tasks.kill(kill);

            assertThat(exitStatus(tasks, exec)).isEqualTo(KILLED);
            assertThat(failure(() -> tasks.kill(kill))).isEqualTo(StatusCode.NOT_FOUND);
            assertThat(delete(tasks, exec)).isEqualTo(KILLED);
        }
    }

    @Test
    void waitEndsAtItsDeadlineAndTheConnectionGoesOn() {
        for (Stack stack : Stack.values()) {
            TaskClient tasks = tasks(stack);
            StatusCode code = failure(() -> tasks.wait_(
                    WaitRequest.newBuilder().setId(id).build(), CallOptions.DEFAULT.withDeadline(DEADLINE)));

            assertThat(code).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            assertThat(status(tasks, "")).isEqualTo(Status.RUNNING);
        }
    }

    @Test
    void settingsOfARunningContainerChange() {
        for (Stack stack : Stack.values()) {
            TaskClient tasks = tasks(stack);
            tasks.resizePty(ResizePtyRequest.newBuilder()
                    .setId(id)
                    .setWidth(80)
                    .setHeight(25)
                    .build());
            tasks.update(UpdateTaskRequest.newBuilder()
                    .setId(id)
                    .setResources(Any.newBuilder()
                            .setTypeUrl("types.containerd.io/opencontainers/runtime-spec/1/LinuxResources")
                            .setValue(ByteString.copyFromUtf8("{\"cpu\":{\"shares\":512}}")))
                    .build());
            tasks.shutdown(ShutdownRequest.newBuilder().setId(id).build()); // no shim obeys while it has a container

            assertThat(status(tasks, "")).isEqualTo(Status.RUNNING);
        }
    }

    @Test
    void refusalsHaveTheirCodes() {
        for (Stack stack : Stack.values()) {
            TaskClient tasks = tasks(stack);
            TaskClient other = TaskCalls.over(channel, programs.taskVersion() == 2 ? 3 : 2, stack);
            StateRequest state = StateRequest.newBuilder().setId(id).build();

            assertThat(failure(
                            () -> tasks.state(state.toBuilder().setId("nobody").build())))
                    .isEqualTo(StatusCode.NOT_FOUND);
            assertThat(failure(() -> other.state(state))).isEqualTo(StatusCode.UNIMPLEMENTED);
            assertThat(failure(() -> tasks.create(CreateTaskRequest.newBuilder()
                            .setId(id)
                            .setBundle(work.resolve("nothing").toString())
                            .build())))
                    .isEqualTo(StatusCode.NOT_FOUND);
            assertThat(failure(() ->
                            tasks.start(StartRequest.newBuilder().setId(id).build())))
                    .isEqualTo(StatusCode.UNKNOWN);
            assertThat(failure(() ->
                            tasks.delete(DeleteRequest.newBuilder().setId(id).build())))
                    .isEqualTo(StatusCode.UNKNOWN);
        }
    }

    @Test
    void forwardedEventIsSeenByContainerdsOwnTool() throws Exception {
        try (TtrpcChannel socket = TtrpcChannel.builder()
                        .address(daemon.eventsAddress())
                        .deadline(BOUND)
                        .build();
                ChildProcess seen = daemon.events()) {
            EventsClient events = EventsTtrpc.client(socket);
            Envelope envelope = Envelope.newBuilder()
                    .setTimestamp(Timestamp.newBuilder().setSeconds(System.currentTimeMillis() / 1000))
                    .setNamespace("ttrpc-java-" + id)
                    .setTopic("/tasks/oom")
                    .setEvent(NamedAny.pack(
                            TaskOOM.newBuilder().setContainerId("made-by-java").build()))
                    .build();
            // ctr subscribes at some time after its start: each event may be the first one it sees
            CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> lineWith(seen, "made-by-java"));
            for (int i = 0; i < 300 && !line.isDone(); i++) {
                events.forward(ForwardRequest.newBuilder().setEnvelope(envelope).build());
                await(line);
            }

            assertThat(line.get(1, TimeUnit.SECONDS)).contains("/tasks/oom");
            assertThat(failure(() -> events.forward(ForwardRequest.newBuilder()
                            .setEnvelope(envelope.toBuilder().setTopic("no-slash"))
                            .build())))
                    .isEqualTo(StatusCode.INVALID_ARGUMENT);
            assertThat(failure(() -> events.forward(ForwardRequest.newBuilder()
                            .setEnvelope(envelope.toBuilder().setNamespace(""))
                            .build())))
                    .isEqualTo(StatusCode.INVALID_ARGUMENT);
        }
    }

    /** Once this fails, Debian's containerd is better than docs/interoperability.md says. */
    @Test
    void envelopeWithoutAnEventEndsTheOldDaemon() throws Exception {
        Path own = Files.createDirectory(folder.resolve("e" + id));
        try (Daemon asked = Daemon.start(programs, own, "ttrpc-java-e" + id);
                TtrpcChannel socket = TtrpcChannel.builder()
                        .address(asked.eventsAddress())
                        .deadline(BOUND)
                        .build()) {
            ForwardRequest empty = ForwardRequest.newBuilder()
                    .setEnvelope(Envelope.newBuilder()
                            .setTimestamp(Timestamp.newBuilder().setSeconds(System.currentTimeMillis() / 1000))
                            .setNamespace("ttrpc-java-e" + id)
                            .setTopic("/tasks/oom"))
                    .build();
            EventsClient events = EventsTtrpc.client(socket);
            if (release == ContainerdPrograms.Release.SYSTEM) {
                assertThat(catchThrowableOfType(ConnectionLostException.class, () -> events.forward(empty))
                                .neverSent())
                        .isFalse();
                asked.awaitEnd();
            } else {
                events.forward(empty);
            }
        }
    }

    /** Once this fails, Debian's shim is better than docs/interoperability.md says. */
    @Test
    void oldShimDoesNotAnswerAWaitWhoseDeadlinePasses() throws Exception {
        WaitRequest wait = WaitRequest.newBuilder().setId(id).build();
        String service = "containerd.task.v" + programs.taskVersion() + ".Task";
        try (RawCall call =
                RawCall.start(daemon.shimAddress(id), service, "Wait", wait.toByteString(), Duration.ofMillis(200))) {
            if (release == ContainerdPrograms.Release.SYSTEM) {
                assertThat(call.isAnsweredWithin(Duration.ofSeconds(2))).isFalse();
            } else {
                assertThat(call.isAnsweredWithin(BOUND)).isTrue();
            }
        }
    }

    private ExecProcessRequest.Builder exec(String exec, String script) {
        String arguments = Arrays.stream(new String[] {"/bin/sh", "-c", script})
                .map(argument -> '"' + argument + '"')
                .collect(Collectors.joining(","));
        return ExecProcessRequest.newBuilder()
                .setId(id)
                .setExecId(exec)
                .setSpec(Any.newBuilder()
                        .setTypeUrl("types.containerd.io/opencontainers/runtime-spec/1/Process")
                        .setValue(ByteString.copyFromUtf8("{\"args\":[" + arguments
                                + "],\"cwd\":\"/\",\"env\":[\"PATH=/bin\"],\"user\":{\"uid\":0,\"gid\":0}}")));
    }

    private Status status(TaskClient tasks, String exec) {
        return tasks.state(StateRequest.newBuilder().setId(id).setExecId(exec).build())
                .getStatus();
    }

    private int exitStatus(TaskClient tasks, String exec) {
        return tasks.wait_(WaitRequest.newBuilder().setId(id).setExecId(exec).build())
                .getExitStatus();
    }

    private int delete(TaskClient tasks, String exec) {
        return tasks.delete(DeleteRequest.newBuilder().setId(id).setExecId(exec).build())
                .getExitStatus();
    }

    private static StatusCode failure(Supplier<?> call) {
        return catchThrowableOfType(TtrpcException.class, call::get).status().code();
    }

    private Path fifo(String name) throws IOException, InterruptedException {
        Path fifo = work.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    /** All that comes out of a FIFO, once somebody has opened its other end. */
    private static CompletableFuture<String> reading(Path fifo) {
        return elsewhere(() -> Files.readString(fifo));
    }

    private static CompletableFuture<OutputStream> opening(Path fifo) {
        return elsewhere(() -> Files.newOutputStream(fifo));
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    /** On a thread of its own, because a FIFO is opened when its other end is. */
    private static <T> CompletableFuture<T> elsewhere(Opening<T> opening) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(opening.open());
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static String lineWith(ChildProcess program, String text) {
        try {
            String line = program.readLine(BOUND);
            while (line != null && !line.contains(text)) {
                line = program.readLine(BOUND);
            }
            return String.valueOf(line);
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private static void await(CompletableFuture<?> done) throws Exception {
        try {
            done.get(100, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException notYet) {
            // the next event is sent
        }
    }
}
