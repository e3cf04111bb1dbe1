package dev.tombolo.egress;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.egress", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule KNOWS_THE_CORE_ONLY = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.tombolo.egress..", "dev.tombolo.model..", "dev.tombolo.reconciler..", "java..")
            .because("who is sent where must not depend on what Kubernetes or the kernel call things");

    @ArchTest
    static final ArchRule IS_PURE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "java.util.logging..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .because("every node has to come to the same plan from the same rows");

    @ArchTest
    static final ArchRule PLANS_DO_NOT_REPORT = noClasses()
            .that()
            .resideInAPackage("dev.tombolo.egress.plan")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tombolo.egress.report")
            .because("status and explanations follow decisions and never lead to any");
}
