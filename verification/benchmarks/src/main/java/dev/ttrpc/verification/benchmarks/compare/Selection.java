package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.interop.UsageException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cells, subjects and places that are wanted. Names are given with commas between them; {@code *} stands for any characters. */
final class Selection {
    private Selection() {}

    /** What is wanted, in the order in which it is measured. Cells without a subject are left out. */
    static List<Cell> of(List<Cell> all, @Nullable String cells, @Nullable String subjects) throws UsageException {
        List<Pattern> names = patterns(cells, all.stream().map(Cell::name).toList());
        List<Pattern> who = patterns(
                subjects,
                all.stream()
                        .flatMap(cell -> cell.subjects().stream())
                        .map(Subject::name)
                        .toList());
        List<Cell> chosen = new ArrayList<>();
        for (Cell cell : all) {
            List<Subject> some = cell.subjects().stream()
                    .filter(subject -> matches(who, subject.name()))
                    .toList();
            if (matches(names, cell.name()) && !some.isEmpty()) {
                chosen.add(cell.only(some));
            }
        }
        return chosen;
    }

    /** The languages of all programs that take part. */
    static Set<Program.Language> languages(List<Cell> cells) {
        Set<Program.Language> languages = EnumSet.of(Program.Language.JVM);
        cells.stream()
                .flatMap(cell -> cell.subjects().stream())
                .flatMap(subject -> Stream.of(subject.client(), subject.server()))
                .map(Program::language)
                .forEach(languages::add);
        return languages;
    }

    private static List<Pattern> patterns(@Nullable String wanted, List<String> names) throws UsageException {
        List<Pattern> patterns = new ArrayList<>();
        for (String word : wanted == null ? new String[] {"*"} : wanted.split(",", -1)) {
            Pattern pattern = Pattern.compile("\\Q" + word.replace("*", "\\E.*\\Q") + "\\E");
            if (names.stream().noneMatch(name -> pattern.matcher(name).matches())) {
                throw new UsageException("nothing is called " + word + "; there are "
                        + String.join(", ", names.stream().distinct().toList()));
            }
            patterns.add(pattern);
        }
        return patterns;
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
