package dev.tombolo.kvstore;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.kvstore", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule STAYS_AT_ITS_EDGE = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("dev.tombolo..")
                    .and(not(resideInAnyPackage(
                            "dev.tombolo.kvstore..", "dev.tombolo.model..", "dev.tombolo.reconciler.."))))
            .because("an edge knows its outside thing and the core's words, never another edge or who uses it");

    @ArchTest
    static final ArchRule ONLY_THE_STORE_KNOWS_JETCD = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tombolo.kvstore.store")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.etcd..", "io.grpc..", "io.netty..")
            .because("everything else runs on the twin in memory too, so it must not see what only etcd has");

    @ArchTest
    static final ArchRule ONLY_THE_PROTOCOL_KNOWS_JSON = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tombolo.kvstore.protocol")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..")
            .because("the form of a value is decided in one place; the rest carries bytes");

    @ArchTest
    static final ArchRule SHOWS_NO_THIRD_PARTY_TYPE = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .notHaveRawReturnType(describe(
                    "a type of jetcd, gRPC, Netty or Jackson",
                    type -> type.getPackageName().matches("(io\\.(etcd|grpc|netty)|com\\.fasterxml)\\..*")))
            .because("third-party types stop at their edge");

    @ArchTest
    static final ArchRule THE_STORE_IS_BELOW_WHAT_USES_IT = noClasses()
            .that()
            .resideInAPackage("dev.tombolo.kvstore.store")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tombolo.kvstore.auth..",
                    "dev.tombolo.kvstore.follow..",
                    "dev.tombolo.kvstore.protocol..",
                    "dev.tombolo.kvstore.publish..")
            .because("keys and values mean nothing to a store");
}
