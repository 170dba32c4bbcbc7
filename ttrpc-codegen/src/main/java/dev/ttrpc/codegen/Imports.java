package dev.ttrpc.codegen;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one source file names other classes: by the simple name where that can only mean the one class, else by the full
 * name. Collects what must be imported for that.
 */
final class Imports {
    /** What generated code uses of {@code java.lang}; no other class is imported under these names. */
    private static final Set<String> JAVA_LANG =
            Set.of("Deprecated", "Exception", "Override", "String", "SuppressWarnings");

    private final String packageName;
    private final Set<String> packageClasses;
    private final Set<String> hidden;
    private final Map<String, String> claimed = new HashMap<>();
    private final Set<String> imports = new TreeSet<>();

    /**
     * @param packageClasses the simple names of the package's own classes, as far as they are known
     * @param hidden simple names that mean something else inside the file's class
     */
    Imports(String packageName, Set<String> packageClasses, Set<String> hidden) {
        this.packageName = packageName;
        this.packageClasses = packageClasses;
        this.hidden = hidden;
    }

    /** The name by which the file's code can use the class. */
    String use(JavaType type) {
        if (hidden.contains(type.head())) {
            return fullName(type);
        }
        if (isVisible(type) || isImported(type)) {
            return type.name();
        }
        return fullName(type);
    }

    /** The import statements for everything used so far, sorted. */
    String statements() {
        StringBuilder statements = new StringBuilder();
        for (String name : imports) {
            statements.append("import ").append(name).append(";\n");
        }
        return statements.toString().stripTrailing();
    }

    private boolean isVisible(JavaType type) {
        if (type.packageName().equals("java.lang")) {
            return !packageClasses.contains(type.head());
        }
        return type.packageName().equals(packageName) && type.fileClass().isEmpty();
    }

    private boolean isImported(JavaType type) {
        String head = type.head();
        boolean unnamed = type.packageName().isEmpty();
        if (unnamed || packageClasses.contains(head) || JAVA_LANG.contains(head)) {
            return false;
        }
        String importName = type.importName();
        if (!claimed.computeIfAbsent(head, h -> importName).equals(importName)) {
            return false;
        }
        imports.add(importName);
        return true;
    }

    private String fullName(JavaType type) {
        String fullName = type.fullName();
        int dot = fullName.indexOf('.');
        String first = dot < 0 ? fullName : fullName.substring(0, dot);
        if (type.packageName().isEmpty() && hidden.contains(first)) {
            throw new GenerationException(
                    "class " + fullName + " of a message is in Java's unnamed package, where the constant " + first
                            + " of a service hides it; set the option java_package in the file of that message");
        }
        return fullName;
    }
}
