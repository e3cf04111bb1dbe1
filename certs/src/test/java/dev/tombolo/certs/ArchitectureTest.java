package dev.tombolo.certs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tombolo.certs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NEEDS_THE_WORDS_AND_X509_ONLY = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tombolo.certs..",
                    "dev.tombolo.model..",
                    "java..",
                    "javax.security.auth.x500..",
                    "org.bouncycastle..")
            .because("certificates are made of names and keys; who stores or serves them is not known here");

    @ArchTest
    static final ArchRule SHOWS_NO_BOUNCY_CASTLE = com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .notHaveRawReturnType(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "a type of Bouncy Castle", type -> type.getPackageName().startsWith("org.bouncycastle")))
            .because("third-party types stop at their edge");

    @ArchTest
    static final ArchRule ONLY_ONE_CLASS_MAKES_CERTIFICATES =
            com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
                    .that()
                    .haveNameNotMatching(".*\\.CertificateTemplate(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder")
                    .because("subject, term and usages of every kind of certificate are read in one place");

    @ArchTest
    static final ArchRule LOGS_NOTHING = com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.util.logging..")
            .because("who handles private keys has nothing to say");
}
