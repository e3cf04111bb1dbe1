package dev.tombolo.bgp.bfd;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.tombolo.bgp.bfd", importOptions = ImportOption.DoNotIncludeTests.class)
class BfdArchitectureTest {
    @ArchTest
    static final ArchRule THE_MACHINE_IS_PURE = noClasses()
            .that()
            .resideInAPackage("..bfd.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..", "java.net..", "java.nio.channels..", "java.nio.file..", "java.util.random..")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("times and chance are given, so that every case can be played");

    @ArchTest
    static final ArchRule THE_MACHINE_KNOWS_NOBODY = classes()
            .that()
            .resideInAPackage("..bfd.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("..bfd.protocol..", "java.lang..", "java.time..", "java.util..", "java.nio")
            .because("it is RFC 5880 and nothing else");

    @ArchTest
    static final ArchRule THE_PROCESS_STARTS_FAST = noClasses()
            .that()
            .resideInAPackage("..bfd..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "dev.tombolo.reconciler..", "java.util.logging..")
            .because(
                    "a restart must be over before neighbours notice, and its jar holds nothing but this and the model");
}
