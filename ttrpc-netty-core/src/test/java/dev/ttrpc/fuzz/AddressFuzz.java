package dev.ttrpc.fuzz;

import static dev.ttrpc.fuzz.Rules.check;

import dev.ttrpc.TtrpcAddress;
import java.nio.charset.StandardCharsets;

/** Any text as an address: an address whose canonical form means the same, or IllegalArgumentException with one sentence that shows the text. */
public final class AddressFuzz {
    private AddressFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        TtrpcAddress address;
        try {
            address = TtrpcAddress.parse(text);
        } catch (IllegalArgumentException e) {
            check(e.getMessage().contains(visible(text)), () -> "the sentence does not show the address: " + e);
            check(e.getMessage().chars().noneMatch(Character::isISOControl), "the sentence has a control character");
            return;
        }
        String canonical = address.toString();
        check(TtrpcAddress.parse(canonical).equals(address), () -> canonical + " is another address");
        check(canonical.equals(TtrpcAddress.parse(canonical).toString()), () -> canonical + " is not canonical");
        check(canonical.startsWith(address.scheme() + ":"), () -> canonical + " has another scheme");
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (Character.isISOControl(c)) {
                visible.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }
}
