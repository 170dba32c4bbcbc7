package dev.ttrpc.spring.boot.autoconfigure.server;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Permissions of a file as people write them. */
final class UnixPermissions {
    private static final Pattern OCTAL = Pattern.compile("0[0-7]{3}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    /** From the highest bit to the lowest. */
    private static final PosixFilePermission[] BITS = PosixFilePermission.values();

    private UnixPermissions() {}

    /**
     * Reads {@code rw-rw----} or {@code 0660}.
     *
     * @throws IllegalArgumentException for anything else, with a sentence. A number without leading zero is refused because YAML turns an
     *     unquoted 0660 into 432
     */
    static Set<PosixFilePermission> parse(String text) {
        if (OCTAL.matcher(text).matches()) {
            return octal(Integer.parseInt(text, 8));
        }
        if (NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("The number " + text
                    + " may not be what was written, because YAML reads an unquoted 0660 as the decimal number 432.");
        }
        try {
            return PosixFilePermissions.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' are no permissions of a file.", e);
        }
    }

    private static Set<PosixFilePermission> octal(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((mode >> (BITS.length - 1 - i) & 1) == 1) {
                permissions.add(BITS[i]);
            }
        }
        return permissions;
    }
}
