package dev.ttrpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the versions in the manual's pom to those of the build. */
class PomTests {
    @Test
    void pomOfTheManualHasTheVersionsOfTheBuild() throws IOException {
        String build = Files.readString(Page.ROOT.resolve("pom.xml"));
        String manual = Files.readString(Page.ROOT.resolve("docs/src/main/snippets/pom.xml"));

        assertThat(find(manual, "<ttrpc.version>([^<]+)"))
                .isEqualTo(find(build, "<artifactId>ttrpc-parent</artifactId>\\s*<version>([^<]+)"));
        assertThat(find(manual, "<artifactId>spring-boot-starter-parent</artifactId>\\s*<version>([^<]+)"))
                .isEqualTo(find(build, "<spring-boot.version>([^<]+)"));
        assertThat(find(manual, "<artifactId>protobuf-maven-plugin</artifactId>\\s*<version>([^<]+)"))
                .isEqualTo(find(build, "<artifactId>protobuf-maven-plugin</artifactId>\\s*<version>([^<]+)"));
        assertThat(find(manual, "<mainClass>([^<]+)")).isEqualTo(find(build, "<mainClass>([^<]+)"));
    }

    private static String find(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
