package dev.tombolo.wireguard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.wireguard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule STAYS_AT_ITS_EDGE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tombolo.wireguard..",
                    "dev.tombolo.model..",
                    "dev.tombolo.reconciler..",
                    "java..",
                    "javax.crypto..")
            .because("an edge knows the kernel and the core's words, never another edge or who uses it");
}
