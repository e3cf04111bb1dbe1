package dev.tombolo.netlink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.netlink", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule STAYS_AT_ITS_EDGE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tombolo.netlink..",
                    "dev.tombolo.model..",
                    "dev.tombolo.reconciler..",
                    "java..",
                    "javax.crypto..")
            .because("an edge knows the kernel and the core's words, never another edge or who uses it");
}
