package dev.ttrpc.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two things of one Java name. Nothing is renamed silently to get out of it: each clash becomes a sentence that names
 * both and the parameter that resolves it.
 */
final class NameClashes {
    /** The constant of each holder that is no method's. */
    static final String SERVICE_NAME = "SERVICE_NAME";

    private final List<String> problems = new ArrayList<>();

    private NameClashes() {}

    static void refuse(List<Service> services, JavaTypes types) {
        NameClashes clashes = new NameClashes();
        Map<String, Service> owners = new HashMap<>();
        for (Service service : services) {
            clashes.findType(service, owners, types);
            clashes.findMethods(service);
        }
        GenerationException.throwIfAny(clashes.problems);
    }

    /** Adds one problem at most: who has one type in common mostly has several. */
    private void findType(Service service, Map<String, Service> owners, JavaTypes types) {
        boolean found = false;
        for (JavaType type : service.generated()) {
            Service other = owners.putIfAbsent(type.fullName(), service);
            String origin = types.originOf(type).orElse("");
            if (found) {
                continue;
            }
            if (other != null) {
                problems.add(of(service) + " would have a class " + type.fullName() + ", which is also generated for "
                        + "service " + other.fullName() + " of " + other.file() + "; " + renameOf(service));
                found = true;
            } else if (!origin.isEmpty()) {
                problems.add(of(service) + " would have a class " + type.fullName() + ", which protoc makes for "
                        + origin + "; " + renameOf(service) + ", or package_suffix=NAME");
                found = true;
            }
        }
    }

    private void findMethods(Service service) {
        Map<String, Rpc> methods = new HashMap<>();
        Map<String, Rpc> constants = new HashMap<>();
        for (Rpc rpc : service.rpcs()) {
            Rpc sameMethod = methods.putIfAbsent(rpc.javaName(), rpc);
            Rpc sameConstant = constants.putIfAbsent(rpc.constant(), rpc);
            if (!JavaNames.isIdentifier(rpc.javaName()) || !JavaNames.isIdentifier(rpc.constant())) {
                problems.add(of(service) + ": method " + rpc.name() + " has no Java name; " + renameOf(service, rpc));
            } else if (sameMethod != null) {
                problems.add(of(service) + ": methods " + sameMethod.name() + " and " + rpc.name() + " would both be "
                        + rpc.javaName() + "; " + renameOf(service, rpc));
            } else if (sameConstant != null) {
                problems.add(of(service) + ": methods " + sameConstant.name() + " and " + rpc.name()
                        + " would both have the constant " + rpc.constant() + "; " + renameOf(service, rpc));
            } else if (rpc.constant().equals(SERVICE_NAME)) {
                problems.add(of(service) + ": method " + rpc.name() + " would have the constant " + SERVICE_NAME
                        + ", which holds the service's name; " + renameOf(service, rpc));
            }
        }
    }

    private static String of(Service service) {
        return service.file() + ": service " + service.fullName();
    }

    private static String renameOf(Service service) {
        return "set the parameter rename." + service.fullName() + "=OtherName";
    }

    private static String renameOf(Service service, Rpc rpc) {
        return "set the parameter rename." + service.fullName() + "." + rpc.name() + "=otherName";
    }
}
