package dev.ttrpc.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all others, of this process and of others, from changing who serves a path. It is a locked file beside the path, {@code
 * .NAME.lock}, and is gone when the lock is given back.
 *
 * <p>Such a file may be removed by its holder while another one already waits for it. So whoever got a lock looks whether the file he
 * locked is still the one that has the name: he gives the open file a size that no other has, and compares.
 */
final class LockFile {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final SecureRandom SIZES = new SecureRandom();

    /** Of the process: the system's locks do not hold between threads, and closing any descriptor of a file gives them all up. */
    private static final ReentrantLock PROCESS = new ReentrantLock();

    private final Path path;
    private final FileChannel file;

    private LockFile(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Waits for the lock of a path, some seconds at most. */
    static LockFile take(Path socket) throws IOException {
        Path path = socket.resolveSibling("." + socket.getFileName() + ".lock");
        long start = System.nanoTime();
        PROCESS.lock();
        try {
            while (true) {
                FileChannel file = tryTake(path);
                if (file != null) {
                    return new LockFile(path, file);
                }
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new FileSystemException(
                            path.toString(),
                            null,
                            "another process holds " + path + ", remove that file if it is forgotten");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | RuntimeException e) {
            PROCESS.unlock();
            throw e;
        }
    }

    private static @Nullable FileChannel tryTake(Path path) throws IOException {
        FileChannel file;
        try {
            file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (AccessDeniedException e) {
            return null; // another user's, or the directory became read-only: patience tells
        }
        boolean taken = false;
        try {
            FileLock lock = file.tryLock();
            taken = lock != null && isStillNamed(path, file);
            return taken ? file : null;
        } finally {
            if (!taken) {
                file.close();
            }
        }
    }

    private static boolean isStillNamed(Path path, FileChannel file) throws IOException {
        long size = 1 + (SIZES.nextLong() & 0x3FFF_FFFFL);
        file.truncate(0);
        file.write(ByteBuffer.wrap(new byte[1]), size - 1); // a hole but for its last byte
        try {
            return Files.size(path) == size;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void release() throws IOException {
        try {
            Files.deleteIfExists(path);
            file.close();
        } finally {
            PROCESS.unlock();
        }
    }
}
