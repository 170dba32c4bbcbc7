package dev.ttrpc;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the core, and the wall around its API. */
class ArchitectureTests {

    private static final String BASE = "dev.ttrpc";
    private static final String CLIENT = "dev.ttrpc.client..";
    private static final String SERVER = "dev.ttrpc.server..";
    private static final String PROTOBUF = "dev.ttrpc.protobuf..";
    private static final String WIRE = "dev.ttrpc.wire..";
    private static final String TRANSPORT = "dev.ttrpc.transport..";
    private static final String CODEC = "dev.ttrpc.internal.codec..";
    private static final String STREAM = "dev.ttrpc.internal.stream..";
    private static final String CONNECTION = "dev.ttrpc.internal.connection..";
    private static final String EXECUTOR = "dev.ttrpc.internal.executor..";
    private static final String LOGGING = "dev.ttrpc.internal.logging..";
    private static final String INTERNAL_CLIENT = "dev.ttrpc.internal.client..";
    private static final String INTERNAL_SERVER = "dev.ttrpc.internal.server..";
    private static final String INTERNAL_TRANSPORT = "dev.ttrpc.internal.transport..";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    private static final JavaClasses CORE_AND_ITS_TESTS = new ClassFileImporter().importPackages(BASE);

    @Test
    void baseKnowsNobody() {
        check(noClasses().that().resideInAPackage(BASE).should().dependOnClassesThat(oursOutside(BASE)));
    }

    @Test
    void codecKnowsOnlyBase() {
        check(noClasses().that().resideInAPackage(CODEC).should().dependOnClassesThat(oursOutside(BASE, CODEC)));
    }

    @Test
    void streamKnowsOnlyCodecAndBase() {
        check(noClasses()
                .that()
                .resideInAPackage(STREAM)
                .should()
                .dependOnClassesThat(oursOutside(BASE, CODEC, STREAM)));
    }

    @Test
    void streamHasNoChannelNoClockNoExecutor() {
        DescribedPredicate<JavaClass> channelClockOrExecutor = resideInAnyPackage("io.netty.channel..", "java.time..")
                .or(assignableTo(Executor.class))
                .as("a channel, a clock or an executor");
        check(noClasses().that().resideInAPackage(STREAM).should().dependOnClassesThat(channelClockOrExecutor));
        check(noClasses()
                .that()
                .resideInAPackage(STREAM)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis"));
    }

    @Test
    void connectionIsOfBothSidesAndKnowsNeither() {
        check(noClasses()
                .that()
                .resideInAPackage(CONNECTION)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLIENT, INTERNAL_CLIENT, SERVER, INTERNAL_SERVER, EXECUTOR));
    }

    @Test
    void executorKnowsOnlyBaseAndLogging() {
        check(noClasses()
                .that()
                .resideInAPackage(EXECUTOR)
                .should()
                .dependOnClassesThat(oursOutside(BASE, EXECUTOR, LOGGING)));
    }

    @Test
    void loggingKnowsNobody() {
        check(noClasses().that().resideInAPackage(LOGGING).should().dependOnClassesThat(oursOutside(LOGGING)));
    }

    @Test
    void clientAndServerNeverMeet() {
        check(noClasses()
                .that()
                .resideInAnyPackage(CLIENT, INTERNAL_CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVER, INTERNAL_SERVER));
        check(noClasses()
                .that()
                .resideInAnyPackage(SERVER, INTERNAL_SERVER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLIENT, INTERNAL_CLIENT));
    }

    @Test
    void transportsKnowNeitherSideNorStreams() {
        check(noClasses()
                .that()
                .resideInAnyPackage(TRANSPORT, INTERNAL_TRANSPORT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLIENT, INTERNAL_CLIENT, SERVER, INTERNAL_SERVER, CONNECTION, STREAM));
        check(noClasses()
                .that()
                .resideInAPackage(TRANSPORT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.ttrpc.internal.."));
    }

    @Test
    void messageLibrariesAreNamedInTheirOwnPackageOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(PROTOBUF)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROTOBUF, "com.google.protobuf.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackage(WIRE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WIRE, "com.squareup.wire.."));
        check(noClasses()
                .that()
                .resideInAnyPackage(PROTOBUF, WIRE)
                .should()
                .dependOnClassesThat(oursOutside(BASE, PROTOBUF, WIRE)));
    }

    @Test
    void nettyShowsInTheTransportPackageOnly() {
        check(classes()
                .that()
                .resideInAnyPackage(BASE, CLIENT, SERVER, PROTOBUF, WIRE)
                .and(areApi())
                .should(nameNoTypeOf("io.netty")));
    }

    @Test
    void publicTypesNameNoInternalType() {
        check(classes()
                .that()
                .resideInAnyPackage(BASE, CLIENT, SERVER, PROTOBUF, WIRE, TRANSPORT)
                .and(areApi())
                .should(nameNoTypeOf("dev.ttrpc.internal")));
    }

    @Test
    void namesSayWhatAClassIs() {
        check(classes()
                .that()
                .resideInAPackage("dev.ttrpc..")
                .and()
                .areNotAnonymousClasses()
                .should()
                .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?)")
                .andShould()
                .haveNameNotMatching(".*[.$](Abstract|Base)[A-Z].*"));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packagesWithClasses())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info with @NullMarked", each.getName())
                        .isTrue());
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethodWhere(target(name("sleep"))
                        .and(target(owner(assignableTo(Thread.class).or(assignableTo(TimeUnit.class))))))
                .allowEmptyShould(true)
                .check(CORE_AND_ITS_TESTS);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CORE);
    }

    private static Stream<JavaPackage> packagesWithClasses() {
        return CORE.stream().map(JavaClass::getPackage).distinct();
    }

    private static DescribedPredicate<JavaClass> oursOutside(String... allowed) {
        return resideInAnyPackage("dev.ttrpc..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
                .as("ours outside of %s", String.join(", ", allowed));
    }

    /** Public or protected, and so is every class around it. */
    private static DescribedPredicate<JavaClass> areApi() {
        return DescribedPredicate.describe("are API", ArchitectureTests::isApi);
    }

    private static boolean isApi(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTests::isApi).orElse(true);
    }

    private static boolean isApi(JavaMember member) {
        return isVisible(member.getModifiers());
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaClass> nameNoTypeOf(String packageName) {
        return new ArchCondition<>("name no type of " + packageName + " in a public or protected signature") {
            @Override
            public void check(JavaClass api, ConditionEvents events) {
                report(api, "its supertypes", supertypes(api), events);
                api.getMembers().stream()
                        .filter(ArchitectureTests::isApi)
                        .forEach(member -> report(api, member.getFullName(), signature(member), events));
            }

            private void report(JavaClass api, String where, Stream<JavaType> types, ConditionEvents events) {
                types.flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .map(JavaClass::getBaseComponentType)
                        .filter(type -> type.getPackageName().startsWith(packageName))
                        .distinct()
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                api, api.getName() + ": " + where + " names " + type.getName())));
            }
        };
    }

    private static Stream<JavaType> supertypes(JavaClass type) {
        return Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
    }

    private static Stream<JavaType> signature(JavaMember member) {
        if (member instanceof JavaCodeUnit method) {
            Stream<JavaType> thrown =
                    method.getThrowsClause().getTypes().stream().map(JavaType.class::cast);
            return Stream.concat(
                    thrown, Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream()));
        }
        return Stream.of(((JavaField) member).getType());
    }
}
