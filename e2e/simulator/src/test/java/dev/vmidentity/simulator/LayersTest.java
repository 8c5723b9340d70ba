package dev.vmidentity.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: {@code control -> arm -> directory -> http, model}; the root wires them. */
@AnalyzeClasses(packages = "dev.vmidentity.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String ROOT = "dev.vmidentity.simulator";
    private static final String HTTP = ROOT + ".http..";
    private static final String MODEL = ROOT + ".model..";
    private static final String ARM = ROOT + ".arm..";
    private static final String DIRECTORY = ROOT + ".directory..";
    private static final String CONTROL = ROOT + ".control..";

    @ArchTest
    static final ArchRule theWireKnowsNothingOfAzure = noClasses()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT, MODEL, ARM, DIRECTORY, CONTROL);

    @ArchTest
    static final ArchRule onlyTheWireKnowsTheServerAndTheCertificates = noClasses()
            .that()
            .resideOutsideOfPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule theWorldIsValuesThatKnowNobody = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT, HTTP, ARM, DIRECTORY, CONTROL);

    @ArchTest
    static final ArchRule theProvidersDoNotKnowWhatSpoilsThem = noClasses()
            .that()
            .resideInAnyPackage(ARM, DIRECTORY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONTROL, ROOT);

    @ArchTest
    static final ArchRule theDirectoryDoesNotKnowTheProviders = noClasses()
            .that()
            .resideInAPackage(DIRECTORY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ARM);

    @ArchTest
    static final ArchRule thereIsNoRing =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule itKnowsNobodyWhoUsesIt = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "..",
                    "java..",
                    "javax..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "org.eclipse.jetty..",
                    "org.bouncycastle..",
                    "com.fasterxml.jackson..",
                    "picocli..")
            .because("it must not know what any client would like to hear");
}
