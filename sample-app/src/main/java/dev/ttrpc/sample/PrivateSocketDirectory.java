package dev.ttrpc.sample;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the property {@code sample.socket} a value that is safe: a path in a directory that belongs to this user and that nobody else can enter,
 * below {@code XDG_RUNTIME_DIR} or the user's home. Agent and caller find the same one.
 */
class PrivateSocketDirectory implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    static final String PROPERTY = "sample.socket";

    private static final String NAME = "ttrpc-sample";
    private static final String HIDDEN_NAME = "." + NAME;
    private static final int PERMISSIONS = 0777;
    private static final int ENTERED_BY_OWNER_ONLY = 0700;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000; // others may write, but not rename or remove what is not theirs

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        if (environment.containsProperty(PROPERTY)) {
            return;
        }
        try {
            Path directory =
                    open(System.getenv("XDG_RUNTIME_DIR"), Path.of(environment.getRequiredProperty("user.home")));
            Object socket = directory.resolve("node-agent.sock").toString();
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("private socket directory", Map.of(PROPERTY, socket)));
        } catch (IOException e) {
            throw new FailureAnalyzedException(
                    "There is no safe place for the socket: " + e.getMessage() + ".",
                    "Name one: --" + PROPERTY + "=/path/in/a/directory/of/yours.sock",
                    e);
        }
    }

    /**
     * The directory of this user, made where it is not there.
     *
     * @throws IOException where it cannot be made or is not safe
     */
    static Path open(@Nullable String runtimeDirectory, Path home) throws IOException {
        if (!home.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Files.createDirectories(home.resolve(HIDDEN_NAME)); // Windows: it is the user's own already
        }
        long user = new UnixSystem().getUid();
        if (runtimeDirectory != null && Files.isDirectory(Path.of(runtimeDirectory))) {
            Path parent = Path.of(runtimeDirectory).toRealPath();
            if (isTrusted(parent, user)) {
                return open(parent.resolve(NAME), user);
            }
        }
        if (!Files.isDirectory(home)) {
            throw new IOException("there is no home directory " + home);
        }
        Path parent = home.toRealPath();
        if (!isTrusted(parent, user)) {
            throw new IOException("others may replace what is in " + parent);
        }
        return open(parent.resolve(HIDDEN_NAME), user);
    }

    private static Path open(Path directory, long user) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Map<String, Object> found = Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || uid(found) != user
                || (mode(found) & PERMISSIONS) != ENTERED_BY_OWNER_ONLY) {
            throw new IOException(directory + " is not a directory of this user with mode 0700");
        }
        return directory;
    }

    /** Whether nobody but this user and root can replace a directory in it. */
    private static boolean isTrusted(Path parent, long user) throws IOException {
        Map<String, Object> found = Files.readAttributes(parent, "unix:uid,mode");
        boolean othersReplace = (mode(found) & WRITABLE_BY_OTHERS) != 0 && (mode(found) & STICKY) == 0;
        return (uid(found) == user || uid(found) == 0) && !othersReplace;
    }

    private static long uid(Map<String, Object> attributes) {
        return ((Number) attributes.getOrDefault("uid", -1)).longValue();
    }

    private static int mode(Map<String, Object> attributes) {
        return (int) attributes.getOrDefault("mode", PERMISSIONS);
    }
}
