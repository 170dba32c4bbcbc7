package dev.ttrpc;

/**
 * Where a server listens and a client connects: the one grammar of addresses, for servers, clients, configuration and tests alike.
 *
 * <p>An address is only a name. That it was parsed says nothing about whether its transport exists on this machine; who uses it
 * learns that. Schemes are case-insensitive, everything behind them is taken literally: no escapes are decoded, a per cent sign in
 * a path is a per cent sign. Two addresses are equal when they name the same thing in the same spelling of its name.
 *
 * <pre>
 * unix:///run/x.sock    unix:/run/x.sock    a unix socket in the file system
 * unix://@name                              a unix socket in Linux's abstract namespace
 * tcp://host:port       tcp://[::1]:port    TCP; port 0 lets the system choose when listening
 * vsock://cid:port                          a socket between a virtual machine and its host
 * hvsock:///path:port                       a vsock port behind a hypervisor's unix socket
 * npipe:////./pipe/name  \\.\pipe\name      a Windows named pipe
 * fd://3                                    a socket inherited by its number
 * systemd://name                            a socket inherited by its name
 * in-process:name                           a server in the same JVM
 * scheme:rest                               anything else: a transport that the application brings
 * </pre>
 */
public sealed interface TtrpcAddress {

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException with one sentence that holds the address and says what is wrong with it
     */
    static TtrpcAddress parse(String text) {
        return AddressParser.parse(text);
    }

    /** The part before the first colon, in lower case. */
    String scheme();

    /** The canonical form, which {@link #parse} accepts and turns into an equal address. */
    @Override
    String toString();

    /**
     * A unix socket in the file system.
     *
     * @param path an absolute path; a path on a Windows drive begins with its letter, {@code C:/run/x.sock}
     */
    record Unix(String path) implements TtrpcAddress {
        /** Checks that the path is absolute and names a file. */
        public Unix {
            AddressRules.checkSocketPath(path, prefix(path) + path);
        }

        @Override
        public String scheme() {
            return "unix";
        }

        @Override
        public String toString() {
            return prefix(path) + path;
        }

        private static String prefix(String path) {
            return AddressRules.isDrivePath(path) ? "unix:///" : "unix://";
        }
    }

    /**
     * A unix socket in Linux's abstract namespace: it has no file and no permissions, everybody in the network namespace may connect.
     *
     * @param name at most 107 bytes of UTF-8, without the leading NUL or {@code @}
     */
    record Abstract(String name) implements TtrpcAddress {
        /** Checks the name. */
        public Abstract {
            AddressRules.checkAbstractName(name, "unix://@" + name);
        }

        @Override
        public String scheme() {
            return "unix";
        }

        @Override
        public String toString() {
            return "unix://@" + name;
        }
    }

    /**
     * A TCP port.
     *
     * @param host a host name or an address literal, in lower case, IPv6 without brackets
     * @param port 0 to 65535; 0 is for listening only, the listener then tells the port it got
     */
    record Tcp(String host, int port) implements TtrpcAddress {
        /** Checks both parts and puts the host into lower case. */
        public Tcp {
            host = AddressRules.checkHost(host, show(host, port));
            AddressRules.checkRange("port", port, 0xFFFF, show(host, port));
        }

        @Override
        public String scheme() {
            return "tcp";
        }

        @Override
        public String toString() {
            return show(host, port);
        }

        private static String show(String host, int port) {
            return "tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * A socket between a virtual machine and its host.
     *
     * @param cid the machine's number, 0 to 4294967295; see the constants
     * @param port 0 to 4294967295; {@link #ANY} lets the system choose when listening
     */
    record Vsock(long cid, long port) implements TtrpcAddress {
        /** Any machine (listening), or any port. */
        public static final long ANY = 0xFFFF_FFFFL;

        /** This machine itself. */
        public static final long LOCAL = 1;

        /** The machine's host. */
        public static final long HOST = 2;

        /** Checks both ranges. */
        public Vsock {
            AddressRules.checkRange("cid", cid, ANY, show(cid, port));
            AddressRules.checkRange("port", port, ANY, show(cid, port));
        }

        @Override
        public String scheme() {
            return "vsock";
        }

        @Override
        public String toString() {
            return show(cid, port);
        }

        private static String show(long cid, long port) {
            String machine = cid == ANY ? "any" : cid == LOCAL ? "local" : cid == HOST ? "host" : Long.toString(cid);
            return "vsock://" + machine + ":" + (port == ANY ? "any" : Long.toString(port));
        }
    }

    /**
     * A vsock port behind the unix socket of a hypervisor, as Firecracker, Cloud Hypervisor and Kata have it.
     *
     * @param path the hypervisor's socket, an absolute path
     * @param port 0 to 4294967295
     */
    record HybridVsock(String path, long port) implements TtrpcAddress {
        /** Checks both parts. */
        public HybridVsock {
            AddressRules.checkSocketPath(path, "hvsock://" + path + ":" + port);
            AddressRules.checkRange("port", port, Vsock.ANY, "hvsock://" + path + ":" + port);
        }

        @Override
        public String scheme() {
            return "hvsock";
        }

        @Override
        public String toString() {
            return "hvsock://" + (AddressRules.isDrivePath(path) ? "/" : "") + path + ":" + port;
        }
    }

    /**
     * A Windows named pipe of this machine.
     *
     * @param name what follows {@code \\.\pipe\}
     */
    record NamedPipe(String name) implements TtrpcAddress {
        /** Checks the name. */
        public NamedPipe {
            AddressRules.checkPipeName(name, show(name));
        }

        /** The name as Windows wants it: {@code \\.\pipe\name}. */
        public String path() {
            return "\\\\.\\pipe\\" + name;
        }

        @Override
        public String scheme() {
            return "npipe";
        }

        @Override
        public String toString() {
            return show(name);
        }

        private static String show(String name) {
            return "npipe:////./pipe/" + name.replace('\\', '/');
        }
    }

    /**
     * A socket that the process inherited, listening or connected.
     *
     * @param fd its descriptor, 0 or more
     */
    record InheritedFd(int fd) implements TtrpcAddress {
        /** Checks the number. */
        public InheritedFd {
            AddressRules.checkRange("descriptor", fd, Integer.MAX_VALUE, "fd://" + fd);
        }

        @Override
        public String scheme() {
            return "fd";
        }

        @Override
        public String toString() {
            return "fd://" + fd;
        }
    }

    /**
     * A socket that systemd handed over, by the name which {@code FileDescriptorName=} gave it.
     *
     * @param name printable ASCII without a colon, at most 255 characters
     */
    record Systemd(String name) implements TtrpcAddress {
        /** Checks the name. */
        public Systemd {
            AddressRules.checkDescriptorName(name, "systemd://" + name);
        }

        @Override
        public String scheme() {
            return "systemd";
        }

        @Override
        public String toString() {
            return "systemd://" + name;
        }
    }

    /**
     * A server in the same JVM.
     *
     * @param name any text that does not begin with a slash; case counts
     */
    record InProcess(String name) implements TtrpcAddress {
        /** Checks the name. */
        public InProcess {
            AddressRules.checkInProcessName(name, "in-process:" + name);
        }

        @Override
        public String scheme() {
            return "in-process";
        }

        @Override
        public String toString() {
            return "in-process:" + name;
        }
    }

    /**
     * The address of a transport that is not one of the above; the application brings its provider.
     *
     * @param scheme lower case; not one of the built-in schemes
     * @param rest everything behind the colon
     */
    record Custom(String scheme, String rest) implements TtrpcAddress {
        /** Checks the scheme. */
        public Custom {
            AddressRules.checkCustom(scheme, rest, scheme + ":" + rest);
        }

        @Override
        public String toString() {
            return scheme + ":" + rest;
        }
    }
}
