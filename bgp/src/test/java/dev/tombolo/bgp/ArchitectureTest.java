package dev.tombolo.bgp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.bgp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule KNOWS_THE_CORE_ONLY = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tombolo.bgp..",
                    "dev.tombolo.model..",
                    "dev.tombolo.reconciler..",
                    "com.fasterxml.jackson..",
                    "java..")
            .because("what routers are told must not depend on what Kubernetes or the kernel call things");

    @ArchTest
    static final ArchRule PLANS_ARE_PURE = noClasses()
            .that()
            .resideInAPackage("dev.tombolo.bgp.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..",
                    "java.nio..",
                    "java.net..",
                    "java.util.concurrent..",
                    "dev.tombolo.bgp.speaker..",
                    "dev.tombolo.bgp.exabgp..",
                    "dev.tombolo.bgp.bfd..")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .allowEmptyShould(true)
            .because("what is advertised is decided from rows alone");
}
