package dev.tombolo.kube;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.kube", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ROWS_CARRY_NO_CLIENT_TYPES = classes()
            .that()
            .resideInAPackage("dev.tombolo.kube.object")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.tombolo.kube.object", "dev.tombolo.model..", "java..")
            .because("whoever plans with rows must not learn which client read them");

    @ArchTest
    static final ArchRule STAYS_AT_ITS_EDGE = noClasses()
            .should()
            .dependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("dev.tombolo..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                                    "dev.tombolo.kube..", "dev.tombolo.model..", "dev.tombolo.reconciler.."))))
            .because("an edge knows its outside thing and the core's words, never another edge or who uses it");
}
