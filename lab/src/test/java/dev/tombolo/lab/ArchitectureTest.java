package dev.tombolo.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.lab", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule usesNothingOfTheProduct = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.tombolo..")
                    .and(DescribedPredicate.not(resideInAPackage("dev.tombolo.lab.."))))
            .because(
                    "the lab stands for Kubernetes: what both shared would be wrong in both without a test that fails");

    @ArchTest
    static final ArchRule whatRunsAClusterIsAClientOfItsApi = noClasses()
            .that()
            .resideInAnyPackage("..lab.controller..", "..lab.kubelet..", "..lab.dns..", "..lab.proxy..")
            .should()
            .dependOnClassesThat(resideInAPackage("..lab.apiserver..")
                    .and(DescribedPredicate.not(simpleName("PodLogs").or(simpleName("PodExec")))))
            .because(
                    "a real kube-apiserver must be able to stand in for ours; only logs and commands reach nodes by it");

    @ArchTest
    static final ArchRule celStaysBehindRules = noClasses()
            .that()
            .resideOutsideOfPackage("..lab.rules..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cel..")
            .because("the server knows rules that refuse values, not the language that they are written in");
}
