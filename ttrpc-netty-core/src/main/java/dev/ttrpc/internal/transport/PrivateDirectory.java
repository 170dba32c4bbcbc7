package dev.ttrpc.internal.transport;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fresh directory for as long as it is open. */
final class PrivateDirectory implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(PrivateDirectory.class);

    private static final SecureRandom NAMES = new SecureRandom();
    private static final int ATTEMPTS = 100;

    private final Path path;

    private PrivateDirectory(Path path) {
        this.path = path;
    }

    static PrivateDirectory in(Path parent, FileAttribute<?>... attributes) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path path = parent.resolve(".t" + Integer.toUnsignedString(NAMES.nextInt(), 36));
            try {
                return new PrivateDirectory(Files.createDirectory(path, attributes));
            } catch (FileAlreadyExistsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    Path path() {
        return path;
    }

    /** Removes it with the files in it. That something stays is logged: it harms nobody. */
    @Override
    public void close() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            logger.warn("The temporary directory {} cannot be removed", path, e);
        }
    }
}
