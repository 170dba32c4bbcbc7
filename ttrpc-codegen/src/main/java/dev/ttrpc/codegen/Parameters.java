package dev.ttrpc.codegen;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plugin's parameters, as protoc passes them: {@code name=value}, separated by commas.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>{@code package_suffix=NAME}</td><td>generated types go to this package below the proto's Java package</td></tr>
 *   <tr><td>{@code rename.SERVICE=JavaName}</td><td>the Java name of a service, given by its full proto name: all five
 *       types are called after it</td></tr>
 *   <tr><td>{@code rename.SERVICE.METHOD=javaName}</td><td>the Java name of one method; its constant follows</td></tr>
 * </table>
 *
 * Names on the wire never change. A rename of what is in no file of the run has no effect, because build tools pass the
 * same parameters to several runs.
 *
 * @param packageSuffix a package name, or empty
 * @param renames full proto name of a service or method to its Java name
 */
record Parameters(String packageSuffix, Map<String, String> renames) {
    private static final String PACKAGE_SUFFIX = "package_suffix";
    private static final String RENAME = "rename.";

    static Parameters parse(String text) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String parameter : text.split(",", -1)) {
            if (!parameter.isBlank()) {
                add(given, parameter.strip());
            }
        }
        String packageSuffix = "";
        Map<String, String> renames = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : given.entrySet()) {
            String name = parameter.getKey();
            if (name.equals(PACKAGE_SUFFIX)) {
                packageSuffix = packageName(parameter.getValue());
            } else if (name.startsWith(RENAME)) {
                renames.put(name.substring(RENAME.length()), javaName(name, parameter.getValue()));
            } else {
                throw new GenerationException(
                        "unknown parameter \"" + name
                                + "\"; known are package_suffix=NAME, rename.SERVICE=JavaName and rename.SERVICE.METHOD=javaName");
            }
        }
        return new Parameters(packageSuffix, Map.copyOf(renames));
    }

    private static void add(Map<String, String> given, String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        if (given.put(name, value) != null) {
            throw new GenerationException("parameter \"" + name + "\" is given twice");
        }
    }

    private static String packageName(String value) {
        for (String part : value.split("\\.", -1)) {
            if (!JavaNames.isIdentifier(part)) {
                throw new GenerationException(
                        "parameter \"package_suffix\" must be a Java package name, not \"" + value + "\"");
            }
        }
        return value;
    }

    private static String javaName(String parameter, String value) {
        if (!JavaNames.isIdentifier(value)) {
            throw new GenerationException("parameter \"" + parameter + "\" must be a Java name, not \"" + value + "\"");
        }
        return value;
    }
}
