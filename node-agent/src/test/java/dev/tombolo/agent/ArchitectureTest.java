package dev.tombolo.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule plansDoNoInputOrOutput = noClasses()
            .that()
            .haveSimpleNameEndingWith("Plan")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.time..", "org.slf4j..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because(
                    "plans are where correctness lives: the same rows must give the same plan in a test and on a node");

    @ArchTest
    static final ArchRule micronautOnlyWires = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tombolo.agent.wiring", "dev.tombolo.agent")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micronaut..", "io.micrometer..")
            .because("everything but the wiring must run in a test without a container");

    @ArchTest
    static final ArchRule theirTypesStopAtTheEdges = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.etcd..", "org.bouncycastle..")
            .because("a change of a client library must touch one module only");

    @ArchTest
    static final ArchRule grpcStaysInTheApi = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tombolo.agent.api", "dev.tombolo.agent.v1")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "io.netty..")
            .because("how tables are served is no business of those who fill them");

    @ArchTest
    static final ArchRule partsOfEgressFormNoCycle = slices().matching("dev.tombolo.agent.egress.(*)..")
            .should()
            .beFreeOfCycles()
            .because("who reads one part must not have to read those that are made of it");

    @ArchTest
    static final ArchRule partsOfEgressDoNotKnowTheWhole = noClasses()
            .that()
            .resideInAPackage("dev.tombolo.agent.egress.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tombolo.agent.egress")
            .because("the loops and their tables are made of the parts, never the other way round");
}
