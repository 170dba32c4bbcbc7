package dev.ttrpc.codegen;

import java.util.Set;

/** From proto names to Java names. */
final class JavaNames {
    /** Java's reserved words, and {@code yield}: no method of that name can be called without a qualifier. */
    private static final Set<String> KEYWORDS = words("""
            _ abstract assert boolean break byte case catch char class const continue default do double else enum
            extends false final finally float for goto if implements import instanceof int interface long native new
            null package private protected public return short static strictfp super switch synchronized this throw
            throws transient true try void volatile while yield""");

    /** No type may have these names. */
    private static final Set<String> TYPE_KEYWORDS = words("permits record sealed var");

    private static final Set<String> OBJECT_METHODS =
            words("clone equals finalize getClass hashCode notify notifyAll toString wait");

    private JavaNames() {}

    /** {@code SayHello} and {@code say_hello} to {@code sayHello}; {@code Wait} to {@code wait_}. */
    static String method(String rpc) {
        return safeMethod(lowerCamel(rpc));
    }

    static String safeMethod(String name) {
        return KEYWORDS.contains(name) || OBJECT_METHODS.contains(name) ? name + "_" : name;
    }

    /** The name as it is; {@code record} to {@code record_}. */
    static String type(String service) {
        return KEYWORDS.contains(service) || TYPE_KEYWORDS.contains(service) ? service + "_" : service;
    }

    /** {@code SayHello} to {@code SAY_HELLO}, {@code GetURLOf} to {@code GET_URL_OF}. */
    static String constant(String name) {
        StringBuilder constant = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (startsWord(name, i)) {
                constant.append('_');
            }
            constant.append(upper(name.charAt(i)));
        }
        return constant.toString();
    }

    private static boolean startsWord(String name, int i) {
        if (i == 0 || !isUpper(name.charAt(i))) {
            return false;
        }
        char before = name.charAt(i - 1);
        boolean endOfAcronym = isUpper(before) && i + 1 < name.length() && isLower(name.charAt(i + 1));
        return isLower(before) || isDigit(before) || endOfAcronym;
    }

    private static String lowerCamel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean capital = false;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                capital = true;
            } else if (camel.isEmpty()) {
                camel.append(lower(c));
                capital = false;
            } else {
                camel.append(capital ? upper(c) : c);
                capital = false;
            }
        }
        return camel.toString();
    }

    /** Protoc's rule for a file's class: {@code foo-bar2baz} to {@code FooBar2Baz}. */
    static String upperCamel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean capital = true;
        for (char c : name.toCharArray()) {
            boolean letter = isLower(c) || isUpper(c);
            if (letter || isDigit(c)) {
                camel.append(capital ? upper(c) : c);
            }
            capital = !letter;
        }
        return camel.toString();
    }

    static boolean isIdentifier(String name) {
        return !name.isEmpty()
                && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart)
                && !KEYWORDS.contains(name);
    }

    private static Set<String> words(String text) {
        return Set.of(text.split("\\s+"));
    }

    // Proto names are ASCII; Character's methods and String's would ask Unicode or the locale.

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static char upper(char c) {
        return isLower(c) ? (char) (c - 'a' + 'A') : c;
    }

    private static char lower(char c) {
        return isUpper(c) ? (char) (c - 'A' + 'a') : c;
    }
}
