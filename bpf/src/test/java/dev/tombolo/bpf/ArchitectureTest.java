package dev.tombolo.bpf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.bpf", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule STAYS_AT_ITS_EDGE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.tombolo.bpf..", "dev.tombolo.model..", "dev.tombolo.reconciler..", "java..")
            .because("an edge knows the kernel and the core's words, never another edge or who uses it");

    @ArchTest
    static final ArchRule NATIVES_ARE_IN_ONE_PLACE = methods()
            .that()
            .haveModifier(JavaModifier.NATIVE)
            .should()
            .beDeclaredIn(LibBpf.class)
            .because("the C side of one class can be read and checked as a whole");
}
