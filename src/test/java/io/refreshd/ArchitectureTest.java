package io.refreshd;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Rotator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the house of {@code docs/architecture.md}: who may import whom, where each library may be
 * used, where a secret may be shown, and what nothing is called.
 *
 * <p>The rules are asked twice: the program must keep each of them, and the program in {@code
 * io.refreshd.fixture}, which is wrong on purpose, must break each of them. So none of the rules is
 * one that cannot fail.
 */
class ArchitectureTest {

  private static final String PROGRAM = "io.refreshd";
  private static final String WRONG_ON_PURPOSE = "io.refreshd.fixture";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(PROGRAM);
  private static final JavaClasses WRONG_CLASSES =
      new ClassFileImporter().importPackages(WRONG_ON_PURPOSE);

  /** Each package and the other packages of the program that it may import. */
  private static final Map<String, Set<String>> IMPORTS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("grant", Set.of()),
              Map.entry("rotation", Set.of("grant")),
              Map.entry("simulation", Set.of("rotation", "grant")),
              Map.entry("config", Set.of("grant")),
              Map.entry("entra", Set.of("rotation", "grant")),
              Map.entry("store", Set.of("rotation", "grant")),
              Map.entry("schedule", Set.of("rotation", "grant")),
              Map.entry("alert", Set.of("rotation", "grant")),
              Map.entry("report", Set.of("simulation", "rotation", "grant")),
              Map.entry("sandbox", Set.of("grant")),
              Map.entry(
                  "daemon",
                  Set.of(
                      "config",
                      "entra",
                      "store",
                      "schedule",
                      "alert",
                      "report",
                      "sandbox",
                      "simulation",
                      "rotation",
                      "grant")),
              Map.entry("cli", Set.of("daemon", "config", "simulation", "rotation", "grant"))));

  private static final String DATABASE =
      "java.sql.., javax.sql.., org.jdbi.., org.flywaydb.., org.sqlite.., org.postgresql..,"
          + " com.zaxxer..";

  /** Each library and the packages of the program that may use it. */
  private static final Map<String, Set<String>> LIBRARIES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("com.microsoft.aad.msal4j..", Set.of("entra")),
              Map.entry("org.apache.hc..", Set.of("entra", "alert")),
              Map.entry(
                  "jakarta.mail.., jakarta.activation.., org.eclipse.angus..", Set.of("alert")),
              Map.entry(
                  "org.quartz, org.quartz.core.., org.quartz.impl.., org.quartz.simpl..",
                  Set.of("schedule")),
              // the store lends its connections to Quartz
              Map.entry("org.quartz.utils..", Set.of("schedule", "store")),
              Map.entry(DATABASE, Set.of("store")),
              Map.entry("com.google.crypto.tink..", Set.of("store")),
              Map.entry("picocli..", Set.of("cli")),
              Map.entry(
                  "tools.jackson.., com.fasterxml.jackson..",
                  Set.of("config", "entra", "alert", "report", "sandbox")),
              Map.entry("org.snakeyaml..", Set.of("config")),
              Map.entry("ch.qos.logback..", Set.of("daemon")),
              Map.entry("com.sun.net.httpserver..", Set.of("sandbox"))));

  private static final String NAMES_NOT_USED =
      ".*[.$](\\w*(Manager|Helper|Utils?|Impl|Processor|DTO|Dto)|(Abstract|I)[A-Z]\\w*)";

  private static final Set<String> PACKAGES_NOT_USED =
      Set.of("common", "util", "model", "service", "exception");

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theProgramKeeps(ArchRule rule) {
    rule.check(CLASSES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rulesForWhatIsWrongOnPurpose")
  void theRuleCanFail(ArchRule rule) {
    assertThat(rule.evaluate(WRONG_CLASSES).hasViolation()).as(rule.getDescription()).isTrue();
  }

  @Test
  void theRulesSeeTheProgramAndNotItsTests() {
    assertThat(CLASSES.contain(Rotator.class)).isTrue();
    assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
  }

  @Test
  void aViolationNamesTheClassAndWhatItTouched() {
    ArchRule rule = libraryOnlyIn(WRONG_ON_PURPOSE, "org.quartz..", Set.of("schedule"));

    assertThat(rule.evaluate(WRONG_CLASSES).getFailureReport().getDetails())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("io.refreshd.fixture.grant.EveryLibrary", "org.quartz.JobKey"));
  }

  @Test
  void whatIsAllowedIsNotReported() {
    ArchRule rule = refreshTokensRevealedOnlyWhereNeeded(WRONG_ON_PURPOSE);

    assertThat(rule.evaluate(WRONG_CLASSES).getFailureReport().getDetails())
        .isNotEmpty()
        .noneSatisfy(line -> assertThat(line).contains("fixture.entra."))
        .noneSatisfy(line -> assertThat(line).contains("fixture.cli.RevealCommand"));
  }

  static Stream<ArchRule> rules() {
    return rules(PROGRAM);
  }

  static Stream<ArchRule> rulesForWhatIsWrongOnPurpose() {
    return rules(WRONG_ON_PURPOSE);
  }

  private static Stream<ArchRule> rules(String root) {
    Stream<ArchRule> imports =
        IMPORTS.entrySet().stream().map(e -> importsOnly(root, e.getKey(), e.getValue()));
    Stream<ArchRule> libraries =
        LIBRARIES.entrySet().stream().map(e -> libraryOnlyIn(root, e.getKey(), e.getValue()));
    Stream<ArchRule> others =
        Stream.of(
            onlyKnownPackages(root),
            noCycles(root),
            usesOnly(root, "grant", "java..", "org.jspecify.."),
            usesOnly(root, "rotation", "java..", "org.jspecify..", "org.slf4j..", root + ".grant"),
            refreshTokensRevealedOnlyWhereNeeded(root),
            revealOnlyIn(root, Secret.class, in(root, "entra", "alert", "store")),
            commandsAreNotAnnotated(root),
            classNamesSaySomething(root),
            packageNamesSaySomething(root));
    return Stream.of(imports, libraries, others)
        .flatMap(rules -> rules)
        .map(rule -> rule.allowEmptyShould(true));
  }

  private static ArchRule importsOnly(String root, String name, Set<String> allowed) {
    Set<String> others = new TreeSet<>(IMPORTS.keySet());
    others.remove(name);
    others.removeAll(allowed);
    return noClasses()
        .that()
        .resideInAPackage(root + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(root, others))
        .as(name + " imports only " + allowed);
  }

  private static ArchRule libraryOnlyIn(String root, String library, Set<String> allowed) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and(not(resideInAnyPackage(packages(root, allowed))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library.split(", "))
        .as(library + " only in " + allowed);
  }

  private static ArchRule onlyKnownPackages(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .resideInAnyPackage(packages(root, IMPORTS.keySet()))
        .as("every class is in a package of the table");
  }

  private static ArchRule noCycles(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles().as("no package cycle");
  }

  private static ArchRule usesOnly(String root, String name, String... packages) {
    String own = root + "." + name;
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(packages).or(resideInAnyPackage(own)))
        .as(name + " uses only " + List.of(packages));
  }

  private static ArchRule refreshTokensRevealedOnlyWhereNeeded(String root) {
    return revealOnlyIn(
        root, RefreshToken.class, in(root, "entra", "store").or(theRevealCommand(root)));
  }

  /** Counts method references too. */
  private static ArchRule revealOnlyIn(
      String root, Class<?> secret, DescribedPredicate<JavaClass> allowed) {
    return noClasses()
        .that(resideInAPackage(root + "..").and(not(allowed)))
        .should()
        .accessTargetWhere(describe("it is reveal()", access -> isReveal(access, secret)))
        .as(secret.getSimpleName() + ".reveal() only in " + allowed.getDescription());
  }

  private static boolean isReveal(JavaAccess<?> access, Class<?> secret) {
    return access.getTargetOwner().isEquivalentTo(secret) && access.getName().equals("reveal");
  }

  private static DescribedPredicate<JavaClass> in(String root, String... names) {
    return resideInAnyPackage(packages(root, Set.of(names))).as(String.join(", ", names));
  }

  private static DescribedPredicate<JavaClass> theRevealCommand(String root) {
    String name = root + ".cli.RevealCommand";
    return describe(
        "RevealCommand",
        type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
  }

  /** To read annotations takes picocli a tenth of a short command. */
  private static ArchRule commandsAreNotAnnotated(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("picocli..").and(describe("are annotations", JavaClass::isAnnotation)))
        .as("no command is told to picocli by an annotation");
  }

  private static ArchRule classNamesSaySomething(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .haveNameMatching(NAMES_NOT_USED)
        .as("no class is called Manager, Helper, Util, Impl, Processor, DTO, Abstract… or I…");
  }

  private static ArchRule packageNamesSaySomething(String root) {
    return noClasses()
        .should()
        .resideInAnyPackage(packages(root + ".", PACKAGES_NOT_USED))
        .as("no package is called one of " + PACKAGES_NOT_USED);
  }

  private static String[] packages(String root, Set<String> names) {
    return names.stream().map(name -> root + "." + name + "..").toArray(String[]::new);
  }
}
