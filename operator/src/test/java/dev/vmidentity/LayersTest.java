package dev.vmidentity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Who may know whom: {@code app -> binding, identity -> status -> core <- azure}; {@code kube} is what the reconcilers
 * share.
 */
@AnalyzeClasses(packages = "dev.vmidentity", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String CORE = "dev.vmidentity.core..";
    private static final String STATUS = "dev.vmidentity.status..";
    private static final String KUBE = "dev.vmidentity.kube..";
    private static final String AZURE = "dev.vmidentity.azure..";
    private static final String BINDING = "dev.vmidentity.binding..";
    private static final String IDENTITY = "dev.vmidentity.identity..";
    private static final String APP = "dev.vmidentity.app..";
    private static final String API = "dev.vmidentity.api..";

    @ArchTest
    static final ArchRule theCoreKnowsJavaAlone = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CORE, "java..", "org.jspecify..")
            .because("what decides must be explorable without anything around it");

    @ArchTest
    static final ArchRule onlyTheAdapterKnowsTheSdk = noClasses()
            .that()
            .resideOutsideOfPackage(AZURE)
            .and()
            .resideOutsideOfPackage("dev.vmidentity.simulator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.azure..")
            .because("the ports of the core say in our own words what Azure does");

    @ArchTest
    static final ArchRule theAdapterKnowsTheCoreAlone = noClasses()
            .that()
            .resideInAPackage(AZURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STATUS, KUBE, BINDING, IDENTITY, APP, API)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule statusKnowsTheCoreAndTheApiAlone = classes()
            .that()
            .resideInAPackage(STATUS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(STATUS, CORE, API, "java..", "org.jspecify..")
            .allowEmptyShould(true)
            .because("it renders and does nothing");

    @ArchTest
    static final ArchRule theApiKnowsNobody = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE, STATUS, KUBE, AZURE, BINDING, IDENTITY, APP)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule bindingDoesNotKnowIdentity = noClasses()
            .that()
            .resideInAPackage(BINDING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(IDENTITY, AZURE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule identityDoesNotKnowBinding = noClasses()
            .that()
            .resideInAPackage(IDENTITY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BINDING, AZURE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyKnowsTheApp = noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APP)
            .because("it wires the others");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.vmidentity.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesComeFromTheDomain = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)")
            .orShould()
            .haveSimpleNameStartingWith("Abstract")
            .orShould()
            .haveSimpleNameStartingWith("Base")
            .because("such a name says what a class is made of, not what it is for");
}
