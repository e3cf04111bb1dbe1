package dev.tombolo.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule speaksToKubernetesThroughItsEdge = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "picocli..",
                    "dev.tombolo.cli..",
                    "dev.tombolo.kube..",
                    "dev.tombolo.deploy..",
                    "dev.tombolo.egress..",
                    "dev.tombolo.model..",
                    "dev.tombolo.reconciler.table..")
            .because("the command line decides nothing and contacts nothing but the Kubernetes API, and the client of "
                    + "that stays behind kube; what nodes make of egress policies it explains with their own plan");

    @ArchTest
    static final ArchRule plansAndTextsAreWithoutSideEffects = noClasses()
            .that()
            .haveSimpleNameEndingWith("Plan")
            .or()
            .haveSimpleNameEndingWith("Text")
            .or()
            .haveSimpleNameEndingWith("Document")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "dev\\.tombolo\\.(kube\\.KubeApi|cli\\.output\\.Console|cli\\.Session)|java\\.time\\.Clock")
            .because("what a command says is tested with values alone: no cluster, no console, no clock");

    @ArchTest
    static final ArchRule onlyTheMainClassEndsTheProcess = noClasses()
            .that()
            .doNotHaveSimpleName("Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .because("commands return their exit code, so that they can be run from tests and close what they opened");
}
