package dev.ttrpc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What each part of an address may be. Every check throws {@link Broken}, whose message is one sentence with the address in it. */
final class AddressRules {

    static final Set<String> BUILT_IN_SCHEMES =
            Set.of("unix", "tcp", "vsock", "hvsock", "npipe", "fd", "systemd", "in-process");

    /** The size of {@code sun_path} on Linux less the leading NUL. */
    private static final int LONGEST_ABSTRACT_NAME = 107;

    private static final int LONGEST_PIPE_PATH = 256;
    private static final int LONGEST_DESCRIPTOR_NAME = 255;

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+");
    private static final Pattern DRIVE_PATH = Pattern.compile("[A-Za-z]:[/\\\\].*", Pattern.DOTALL);
    private static final Pattern HOST_NAME =
            Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\\.?");
    private static final Pattern ONLY_DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6_SCOPE = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]+");

    private AddressRules() {}

    static boolean isScheme(String text) {
        return SCHEME.matcher(text).matches();
    }

    static boolean isDrivePath(String path) {
        return DRIVE_PATH.matcher(path).matches();
    }

    static void checkSocketPath(String path, String address) {
        checkPrintable(path, address);
        if (path.isEmpty()) {
            throw new Broken(address, "the path is empty, write unix:///run/example.sock");
        }
        if (isDrivePath(path)) {
            checkNamesFile(path, address);
            return;
        }
        if (path.charAt(0) != '/') {
            throw new Broken(address, "the path must be absolute, as in unix:///run/example.sock");
        }
        if (path.startsWith("//")) {
            throw new Broken(address, "the path begins with more than one slash, write unix:///run/example.sock");
        }
        checkNamesFile(path, address);
    }

    private static void checkNamesFile(String path, String address) {
        String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            throw new Broken(address, "the path names a directory, add the name of the socket");
        }
    }

    static void checkAbstractName(String name, String address) {
        checkPrintable(name, address);
        if (name.isEmpty()) {
            throw new Broken(address, "the name behind the @ is empty");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_ABSTRACT_NAME) {
            throw new Broken(
                    address,
                    "the abstract name has " + bytes + " bytes, Linux allows " + LONGEST_ABSTRACT_NAME
                            + ", shorten it");
        }
    }

    /** Returns the host in lower case. */
    static String checkHost(String host, String address) {
        checkPrintable(host, address);
        if (host.isEmpty() || host.equals("*")) {
            throw new Broken(address, "the host is missing, write 0.0.0.0 or [::] to listen on all interfaces");
        }
        String lowerCase = host.toLowerCase(Locale.ROOT);
        if (host.indexOf(':') >= 0) {
            return checkIpv6(host, address);
        }
        if (ONLY_DIGITS_AND_DOTS.matcher(lowerCase).matches()) {
            if (!IPV4.matcher(lowerCase).matches()) {
                throw new Broken(address, "the host is not an IPv4 address of four numbers from 0 to 255");
            }
        } else if (!HOST_NAME.matcher(lowerCase).matches() || lowerCase.length() > 253) {
            throw new Broken(address, "the host is neither a host name in ASCII nor an address literal");
        }
        return lowerCase;
    }

    private static String checkIpv6(String host, String address) {
        int percent = host.indexOf('%');
        String literal = (percent < 0 ? host : host.substring(0, percent)).toLowerCase(Locale.ROOT);
        String scope = percent < 0 ? "" : host.substring(percent);
        if (percent >= 0 && !IPV6_SCOPE.matcher(scope.substring(1)).matches()) {
            throw new Broken(address, "the interface behind the % of the IPv6 address is not valid");
        }
        try {
            // In brackets it is read as a literal or refused, never looked up.
            InetAddress unused = InetAddress.getByName("[" + literal + "]");
        } catch (UnknownHostException e) {
            throw new Broken(address, "the host is not a valid IPv6 address", e);
        }
        return literal + scope;
    }

    static void checkPipeName(String name, String address) {
        checkPrintable(name, address);
        if (name.isEmpty()) {
            throw new Broken(address, "the pipe's name is empty, write npipe:////./pipe/example");
        }
        if (name.startsWith("\\") || name.endsWith("\\") || name.contains("\\\\") || name.indexOf('/') >= 0) {
            throw new Broken(address, "the pipe's name has an empty part");
        }
        int length = "\\\\.\\pipe\\".length() + name.length();
        if (length > LONGEST_PIPE_PATH) {
            throw new Broken(
                    address,
                    "the pipe's path has " + length + " characters, Windows allows " + LONGEST_PIPE_PATH
                            + ", shorten it");
        }
    }

    static void checkDescriptorName(String name, String address) {
        checkPrintable(name, address);
        if (name.isEmpty()) {
            throw new Broken(address, "the name is empty, write the socket unit's FileDescriptorName");
        }
        if (name.length() > LONGEST_DESCRIPTOR_NAME
                || name.indexOf(':') >= 0
                || !PRINTABLE_ASCII.matcher(name).matches()) {
            throw new Broken(
                    address,
                    "the name must be printable ASCII without a colon, at most " + LONGEST_DESCRIPTOR_NAME
                            + " characters");
        }
    }

    static void checkInProcessName(String name, String address) {
        checkPrintable(name, address);
        if (name.isEmpty()) {
            throw new Broken(address, "the name is empty, write in-process:example");
        }
        if (name.startsWith("/")) {
            throw new Broken(address, "the name begins with a slash, write in-process:example");
        }
    }

    static void checkCustom(String scheme, String rest, String address) {
        if (!isScheme(scheme)) {
            throw new Broken(
                    address, "the scheme must be lower case letters, digits, +, - and dots, beginning with a letter");
        }
        if (BUILT_IN_SCHEMES.contains(scheme)) {
            throw new Broken(address, "the scheme " + scheme + " is a built-in one and cannot be a custom address");
        }
        checkPrintable(rest, address);
        if (rest.isEmpty()) {
            throw new Broken(address, "nothing follows the scheme");
        }
    }

    static void checkRange(String what, long value, long highest, String address) {
        if (value < 0 || value > highest) {
            throw new Broken(address, "the " + what + " must be between 0 and " + highest);
        }
    }

    static void checkPrintable(String part, String address) {
        if (part.chars().anyMatch(Character::isISOControl)) {
            throw new Broken(address, "it contains a control character");
        }
    }

    /** A rule that an address breaks. Carries the rule by itself, so that the parser can say it about the text it was given. */
    static final class Broken extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String rule;

        Broken(String address, String rule) {
            super(sentence(address, rule));
            this.rule = rule;
        }

        Broken(String address, String rule, Throwable cause) {
            super(sentence(address, rule), cause);
            this.rule = rule;
        }

        Broken about(String text) {
            return new Broken(text, rule, this);
        }

        private static String sentence(String address, String rule) {
            return "Address '" + visible(address) + "' is not valid: " + rule;
        }

        /** Control characters as escapes, so that the sentence stays one line and shows what is wrong. */
        private static String visible(String address) {
            StringBuilder shown = new StringBuilder(address.length());
            address.chars().forEach(c -> {
                if (Character.isISOControl(c)) {
                    shown.append(String.format(Locale.ROOT, "\\u%04x", c));
                } else {
                    shown.append((char) c);
                }
            });
            return shown.toString();
        }
    }
}
