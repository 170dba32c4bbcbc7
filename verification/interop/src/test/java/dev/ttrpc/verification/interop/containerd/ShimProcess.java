package dev.ttrpc.verification.interop.containerd;

import dev.ttrpc.containerd.bootstrap.v1.BootstrapParams;
import dev.ttrpc.containerd.bootstrap.v1.BootstrapResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A shim that was started by hand, as containerd starts one: {@code start} leaves a process behind and says where it listens. */
final class ShimProcess implements AutoCloseable {
    private static final int START_SECONDS = 20;

    private final ContainerdPrograms programs;
    private final String namespace;
    private final String id;
    private final Bundle bundle;
    private final Path errors;
    private final String address;

    private ShimProcess(
            ContainerdPrograms programs, String namespace, String id, Bundle bundle, Path errors, String address) {
        this.programs = programs;
        this.namespace = namespace;
        this.id = id;
        this.bundle = bundle;
        this.errors = errors;
        this.address = address;
    }

    /** @param events the socket that the shim sends its events to */
    static ShimProcess start(ContainerdPrograms programs, String namespace, String id, Bundle bundle, Path events)
            throws IOException, InterruptedException {
        Path errors = Files.createDirectories(Path.of("target", "peers"))
                .resolve("shim.log")
                .toAbsolutePath();
        ProcessBuilder start = new ProcessBuilder(command(programs, namespace, id, bundle, "start"))
                .directory(bundle.folder().toFile());
        start.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        start.environment().put("TTRPC_ADDRESS", events.toString());
        Process process = start.start();
        byte[] answer;
        try {
            try (OutputStream input = process.getOutputStream()) {
                if (programs.hasBootstrap()) {
                    BootstrapParams.newBuilder()
                            .setInstanceId(id)
                            .setNamespace(namespace)
                            .setContainerdTtrpcAddress(events.toString())
                            .setContainerdGrpcAddress(none(bundle).toString())
                            .setSocketDir(bundle.folder().getParent().toString())
                            .build()
                            .writeTo(input);
                }
            }
            answer = process.getInputStream().readAllBytes(); // the process that is left behind has closed it
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the shim did not start: " + Files.readString(errors));
            }
        } finally {
            process.destroyForcibly();
        }
        return new ShimProcess(programs, namespace, id, bundle, errors, address(programs, answer));
    }

    /** Where it listens: {@code unix:///path}. */
    String address() {
        return address;
    }

    Path socket() {
        return Path.of(address.substring("unix://".length()));
    }

    /** What containerd runs after every container, and when a shim has died. */
    @Override
    public void close() throws IOException, InterruptedException {
        List<String> delete = new ArrayList<>(command(programs, namespace, id, bundle, "delete"));
        Process process = new ProcessBuilder(delete)
                .directory(bundle.folder().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        try {
            process.getOutputStream().close();
            process.waitFor(START_SECONDS, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String address(ContainerdPrograms programs, byte[] answer) throws IOException {
        if (!programs.hasBootstrap()) {
            return new String(answer, StandardCharsets.UTF_8).strip();
        }
        BootstrapResult result = BootstrapResult.parseFrom(answer);
        if (!result.getProtocol().equals("ttrpc") || result.getVersion() != programs.taskVersion()) {
            throw new IOException("the shim speaks something else: " + result);
        }
        return result.getAddress();
    }

    private static List<String> command(
            ContainerdPrograms programs, String namespace, String id, Bundle bundle, String action) {
        List<String> command = new ArrayList<>(List.of(
                programs.shim().toString(),
                "-namespace",
                namespace,
                "-id",
                id,
                "-address",
                none(bundle).toString(),
                "-publish-binary",
                "/bin/true",
                "-debug"));
        if (action.equals("delete")) {
            command.addAll(List.of("-bundle", bundle.folder().toString()));
        }
        command.add(action);
        return command;
    }

    /** containerd's own address, at which nothing is. */
    private static Path none(Bundle bundle) {
        return bundle.folder().resolveSibling("none.sock");
    }
}
