package dev.ttrpc.codegen;

/**
 * A Java class by its names.
 *
 * @param packageName empty for the unnamed package
 * @param fileClass the class of a proto file in which protoc nests all messages of that file; else empty
 * @param name simple names from the outermost class in, or from within the file's class: {@code Order.Item}
 * @param deprecated whether naming the class makes javac warn
 */
record JavaType(String packageName, String fileClass, String name, boolean deprecated) {

    /** A top-level class, by its full name. */
    static JavaType of(String fullName) {
        int dot = fullName.lastIndexOf('.');
        return topLevel(dot < 0 ? "" : fullName.substring(0, dot), fullName.substring(dot + 1));
    }

    static JavaType topLevel(String packageName, String name) {
        return new JavaType(packageName, "", name, false);
    }

    /** A class nested in this one. */
    JavaType nested(String simpleName, boolean deprecatedItself) {
        return new JavaType(packageName, fileClass, join(name, simpleName), deprecated || deprecatedItself);
    }

    /** The first of its simple names: {@code Order} of {@code Order.Item}. */
    String head() {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    String fullName() {
        return join(packageName, join(fileClass, name));
    }

    /** What an import names so that {@link #name} means this class. */
    String importName() {
        return join(packageName, join(fileClass, head()));
    }

    /** The file in which a top-level class is, below the source folder. */
    String path() {
        return fullName().replace('.', '/') + ".java";
    }

    static String join(String qualifier, String name) {
        return qualifier.isEmpty() ? name : qualifier + "." + name;
    }
}
