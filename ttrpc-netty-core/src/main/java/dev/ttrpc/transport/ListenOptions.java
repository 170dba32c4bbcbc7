package dev.ttrpc.transport;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to listen. Immutable; what does not apply to an address is ignored.
 *
 * @param unixBacklog connections of a unix socket that wait to be accepted; the system may lower it
 * @param tcpBacklog the same of a TCP port
 * @param tcpNoDelay whether small frames are sent at once
 * @param tcpKeepAlive whether the system probes idle connections
 * @param unixPermissions of the socket's file; set before anybody can connect
 * @param unixOwner user name or number, or null to leave it; set before anybody can connect
 * @param unixGroup group name or number, or null to leave it; set before anybody can connect
 * @param existing what to do when there is something at a unix socket's path
 * @param createDirectories whether missing directories above a unix socket are made
 * @param deleteOnClose whether the file of a unix socket is removed when listening ends
 */
public record ListenOptions(
        int unixBacklog,
        int tcpBacklog,
        boolean tcpNoDelay,
        boolean tcpKeepAlive,
        Set<PosixFilePermission> unixPermissions,
        @Nullable String unixOwner,
        @Nullable String unixGroup,
        Existing existing,
        boolean createDirectories,
        boolean deleteOnClose) {

    /** The defaults: 4,096 and 128 waiting, no delay, {@code rw-------}, replace what is stale, make no directory, remove the file. */
    public static final ListenOptions DEFAULT = builder().build();

    /** Copies the set and checks the ranges. */
    public ListenOptions {
        unixPermissions = Set.copyOf(unixPermissions);
        if (unixBacklog < 1 || tcpBacklog < 1) {
            throw new IllegalArgumentException("A backlog must be at least 1");
        }
    }

    /** A builder that begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** What to do when there is something at a unix socket's path. A live server's socket is never taken, nor is anything removed that is no socket. */
    public enum Existing {
        /** A socket that nobody serves any more is replaced. */
        REPLACE_STALE,
        /** Anything at the path stops the start. */
        FAIL
    }

    /** Collects options. Not safe for use by several threads. */
    public static final class Builder {
        private int unixBacklog = 4096;
        private int tcpBacklog = 128;
        private boolean tcpNoDelay = true;
        private boolean tcpKeepAlive;
        private Set<PosixFilePermission> unixPermissions = PosixFilePermissions.fromString("rw-------");
        private @Nullable String unixOwner;
        private @Nullable String unixGroup;
        private Existing existing = Existing.REPLACE_STALE;
        private boolean createDirectories;
        private boolean deleteOnClose = true;

        private Builder() {}

        /** See {@link ListenOptions#unixBacklog}. */
        public Builder unixBacklog(int unixBacklog) {
            this.unixBacklog = unixBacklog;
            return this;
        }

        /** See {@link ListenOptions#tcpBacklog}. */
        public Builder tcpBacklog(int tcpBacklog) {
            this.tcpBacklog = tcpBacklog;
            return this;
        }

        /** See {@link ListenOptions#tcpNoDelay}. */
        public Builder tcpNoDelay(boolean tcpNoDelay) {
            this.tcpNoDelay = tcpNoDelay;
            return this;
        }

        /** See {@link ListenOptions#tcpKeepAlive}. */
        public Builder tcpKeepAlive(boolean tcpKeepAlive) {
            this.tcpKeepAlive = tcpKeepAlive;
            return this;
        }

        /** See {@link ListenOptions#unixPermissions}. */
        public Builder unixPermissions(Set<PosixFilePermission> unixPermissions) {
            this.unixPermissions = unixPermissions;
            return this;
        }

        /** See {@link ListenOptions#unixOwner}. */
        public Builder unixOwner(@Nullable String unixOwner) {
            this.unixOwner = unixOwner;
            return this;
        }

        /** See {@link ListenOptions#unixGroup}. */
        public Builder unixGroup(@Nullable String unixGroup) {
            this.unixGroup = unixGroup;
            return this;
        }

        /** See {@link ListenOptions#existing}. */
        public Builder existing(Existing existing) {
            this.existing = existing;
            return this;
        }

        /** See {@link ListenOptions#createDirectories}. */
        public Builder createDirectories(boolean createDirectories) {
            this.createDirectories = createDirectories;
            return this;
        }

        /** See {@link ListenOptions#deleteOnClose}. */
        public Builder deleteOnClose(boolean deleteOnClose) {
            this.deleteOnClose = deleteOnClose;
            return this;
        }

        /** The options as collected so far. */
        public ListenOptions build() {
            return new ListenOptions(
                    unixBacklog,
                    tcpBacklog,
                    tcpNoDelay,
                    tcpKeepAlive,
                    unixPermissions,
                    unixOwner,
                    unixGroup,
                    existing,
                    createDirectories,
                    deleteOnClose);
        }
    }
}
