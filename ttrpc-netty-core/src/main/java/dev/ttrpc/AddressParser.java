package dev.ttrpc;

import dev.ttrpc.AddressRules.Broken;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text to address. Splits only; what a part may be is in {@link AddressRules}. */
final class AddressParser {

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,10}");
    private static final Pattern PORT_ONLY = Pattern.compile("[0-9]{1,5}");
    private static final Pattern LOCAL_PIPE = Pattern.compile("//\\./pipe/(.*)", Pattern.CASE_INSENSITIVE);

    private AddressParser() {}

    static TtrpcAddress parse(String text) {
        try {
            return parseUnchecked(text);
        } catch (Broken broken) {
            throw broken.about(text);
        }
    }

    private static TtrpcAddress parseUnchecked(String text) {
        if (text.isBlank()) {
            throw new Broken(text, "it is empty, write for example unix:///run/example.sock");
        }
        AddressRules.checkPrintable(text, text);
        if (!text.equals(text.strip())) {
            throw new Broken(text, "it begins or ends with white space");
        }
        if (text.startsWith("\\\\")) {
            return namedPipe(text, text);
        }
        if (text.startsWith("/") || AddressRules.isDrivePath(text)) {
            throw new Broken(text, "it has no scheme, write unix: in front of a socket's path");
        }
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!AddressRules.isScheme(scheme)) {
            throw new Broken(
                    text, "it has no scheme, write for example unix:///run/example.sock or tcp://127.0.0.1:1024");
        }
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "unix" -> unix(rest, text);
            case "tcp" -> tcp(behindSlashes(rest, text, "tcp://host:port"), text);
            case "vsock" -> vsock(behindSlashes(rest, text, "vsock://cid:port"), text);
            case "hvsock" -> hybridVsock(behindSlashes(rest, text, "hvsock:///path:port"), text);
            case "npipe" -> namedPipe(rest, text);
            case "fd" -> inheritedFd(behindSlashes(rest, text, "fd://3"), text);
            case "systemd" -> new TtrpcAddress.Systemd(behindSlashes(rest, text, "systemd://name"));
            case "in-process" -> new TtrpcAddress.InProcess(rest);
            default -> custom(scheme, rest, text);
        };
    }

    private static TtrpcAddress unix(String rest, String text) {
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        if (path.startsWith("@")) {
            return new TtrpcAddress.Abstract(path.substring(1));
        }
        if (rest.startsWith("//") && !path.isEmpty() && !path.startsWith("/") && !AddressRules.isDrivePath(path)) {
            throw new Broken(text, "the path must be absolute, with three slashes as in unix:///run/example.sock");
        }
        return new TtrpcAddress.Unix(withoutSlashBeforeDrive(path));
    }

    private static TtrpcAddress tcp(String rest, String text) {
        String host;
        String port;
        if (rest.startsWith("[")) {
            int bracket = rest.indexOf(']');
            if (bracket < 0) {
                throw new Broken(text, "the bracket before the IPv6 address is not closed");
            }
            host = rest.substring(1, bracket);
            if (host.indexOf(':') < 0) {
                throw new Broken(text, "only an IPv6 address stands in brackets");
            }
            port = rest.substring(bracket + 1);
            if (!port.startsWith(":")) {
                throw new Broken(text, "the port is missing, write tcp://[::1]:1024");
            }
            port = port.substring(1);
        } else {
            int colon = rest.indexOf(':');
            if (colon < 0) {
                throw new Broken(text, "the port is missing, write tcp://host:port");
            }
            if (colon != rest.lastIndexOf(':')) {
                throw new Broken(text, "an IPv6 address stands in brackets, as in tcp://[::1]:1024");
            }
            host = rest.substring(0, colon);
            port = rest.substring(colon + 1);
        }
        return new TtrpcAddress.Tcp(host, (int) number("port", port, 0xFFFF, text));
    }

    private static TtrpcAddress vsock(String rest, String text) {
        int colon = rest.indexOf(':');
        if (colon < 0) {
            throw new Broken(text, "the port is missing, write vsock://cid:port");
        }
        String cid = rest.substring(0, colon).toLowerCase(Locale.ROOT);
        String port = rest.substring(colon + 1).toLowerCase(Locale.ROOT);
        return new TtrpcAddress.Vsock(vsockCid(cid, text), vsockPort(port, text));
    }

    private static long vsockCid(String cid, String text) {
        return switch (cid) {
            case "any", "-1" -> TtrpcAddress.Vsock.ANY;
            case "local" -> TtrpcAddress.Vsock.LOCAL;
            case "host" -> TtrpcAddress.Vsock.HOST;
            default -> number("cid", cid, TtrpcAddress.Vsock.ANY, text);
        };
    }

    private static long vsockPort(String port, String text) {
        return switch (port) {
            case "any", "-1" -> TtrpcAddress.Vsock.ANY;
            default -> number("port", port, TtrpcAddress.Vsock.ANY, text);
        };
    }

    private static TtrpcAddress hybridVsock(String rest, String text) {
        int colon = rest.lastIndexOf(':');
        if (colon <= rest.lastIndexOf('/')) {
            throw new Broken(text, "the port is missing, write hvsock:///path:port");
        }
        String path = rest.substring(0, colon);
        if (!path.startsWith("/") && !AddressRules.isDrivePath(path)) {
            throw new Broken(text, "the path must be absolute, with three slashes as in hvsock:///run/vm.sock:1024");
        }
        long port = number("port", rest.substring(colon + 1), TtrpcAddress.Vsock.ANY, text);
        return new TtrpcAddress.HybridVsock(withoutSlashBeforeDrive(path), port);
    }

    /** Takes {@code \\.\pipe\name}, {@code //./pipe/name} and, as programs around Docker write it, {@code ////./pipe/name}. */
    private static TtrpcAddress namedPipe(String rest, String text) {
        String path = rest.replace('\\', '/');
        if (path.startsWith("////")) {
            path = path.substring(2);
        }
        var local = LOCAL_PIPE.matcher(path);
        if (!local.matches()) {
            throw new Broken(text, "only pipes of this machine are supported, write npipe:////./pipe/example");
        }
        return new TtrpcAddress.NamedPipe(local.group(1).replace('/', '\\'));
    }

    private static TtrpcAddress inheritedFd(String rest, String text) {
        return new TtrpcAddress.InheritedFd((int) number("descriptor", rest, Integer.MAX_VALUE, text));
    }

    private static TtrpcAddress custom(String scheme, String rest, String text) {
        if (PORT_ONLY.matcher(rest).matches()) {
            throw new Broken(text, "it looks like a host and a port, write tcp://" + text);
        }
        return new TtrpcAddress.Custom(scheme, rest);
    }

    private static String behindSlashes(String rest, String text, String form) {
        if (!rest.startsWith("//")) {
            throw new Broken(text, "two slashes must follow the scheme, as in " + form);
        }
        return rest.substring(2);
    }

    private static String withoutSlashBeforeDrive(String path) {
        return path.startsWith("/") && AddressRules.isDrivePath(path.substring(1)) ? path.substring(1) : path;
    }

    private static long number(String what, String digits, long highest, String text) {
        if (digits.isEmpty()) {
            throw new Broken(text, "the " + what + " is missing");
        }
        if (!DECIMAL.matcher(digits).matches()) {
            throw new Broken(text, "the " + what + " '" + digits + "' is not a number between 0 and " + highest);
        }
        long value = Long.parseLong(digits);
        AddressRules.checkRange(what, value, highest, text);
        return value;
    }
}
