package dev.ttrpc.spring.boot.autoconfigure;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;

/** The rules that Spring Boot keeps for its own auto-configurations. */
class AutoConfigurationRulesTests {
    private static final String IMPORTS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ttrpc.spring");

    @Test
    void autoConfigurationsArePublicAndFinal() {
        classes()
                .that(are(Predicates.annotatedWith(AutoConfiguration.class)))
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(classes);
    }

    @Test
    void beanMethodsAreNotPublicAndCarryNoConditionOnAClass() {
        noMethods()
                .that()
                .areAnnotatedWith(Bean.class)
                .should()
                .bePublic()
                .orShould()
                .beAnnotatedWith(ConditionalOnClass.class)
                .check(classes);
    }

    @Test
    void postProcessorsComeFromStaticMethods() {
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .and()
                .haveRawReturnType(JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class))
                .should()
                .beStatic()
                .check(classes);
    }

    @Test
    void micrometerIsTouchedInOnePackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..observation..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(classes);
    }

    @Test
    void internalsOfTheCoreAreNotTouched() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.ttrpc.internal..", "io.netty..")
                .check(classes);
    }

    @Test
    void whatUsersTouchKnowsNoAutoConfiguration() {
        noClasses()
                .that()
                .resideInAPackage("dev.ttrpc.spring")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.ttrpc.spring.boot..")
                .check(classes);
    }

    @Test
    void everyAutoConfigurationIsListedInOrder() throws IOException {
        List<String> listed = new ClassPathResource(IMPORTS)
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .toList();
        List<String> existing = classes.stream()
                .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                .map(type -> type.getName())
                .sorted()
                .toList();
        Assertions.assertThat(listed).isEqualTo(existing);
    }
}
