package dev.tombolo.apiserver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tombolo.apiserver");

    @Test
    void theFrameworkStaysInTheWiring() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tombolo.apiserver.*..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micronaut..", "io.micrometer..")
                .because("features are plain Java that tests construct themselves")
                .check(CLASSES);
    }

    @Test
    void clientsOfEtcdAndKubernetesStayBehindTheirEdges() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.etcd..", "io.fabric8..", "org.bouncycastle..")
                .because("kvstore, kube and certs can change their libraries without us")
                .check(CLASSES);
    }
}
