package io.tidegate;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The import rules of design.md §11, for every package with its subpackages. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tidegate");

  /** Package → the packages of Tidegate it may import besides itself; cli may import any. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("stats", List.of()),
          Map.entry("model", List.of("stats")),
          Map.entry("analysis", List.of("model", "stats")),
          Map.entry("simulate", List.of("model")),
          Map.entry("spec", List.of("model")),
          Map.entry("codec", List.of("model")),
          Map.entry("operator", List.of("analysis", "model", "stats")),
          // The values that travel between operators are analysis's own.
          Map.entry("pipeline", List.of("operator", "analysis", "model", "stats")),
          Map.entry("connector", List.of("codec", "spec", "model")),
          Map.entry("job", List.of("spec", "connector", "pipeline", "analysis", "codec", "model")),
          // What may be published is decided by analysis.
          Map.entry("report", List.of("analysis.privacy", "model", "stats")),
          // What happened to a rollout and what the gate would refuse is decided by analysis.
          Map.entry(
              "serve",
              List.of("analysis.timeline", "analysis.privacy", "model", "codec", "report")));

  /** Packages that are pure: time and seed are arguments, nothing is logged, read or sent. */
  private static final String[] PURE = {
    "io.tidegate.stats..", "io.tidegate.model..", "io.tidegate.analysis..", "io.tidegate.simulate.."
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stats",
        "model",
        "analysis",
        "simulate",
        "spec",
        "codec",
        "operator",
        "pipeline",
        "connector",
        "job",
        "report",
        "serve"
      })
  void package_imports_only_what_it_may(String name) {
    String[] allowed =
        Stream.concat(Stream.of(name), MAY_IMPORT.getOrDefault(name, List.of()).stream())
            .map(each -> "io.tidegate." + each + "..")
            .toArray(String[]::new);
    noClasses()
        .that(resideInAPackage("io.tidegate." + name + ".."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.tidegate..").and(resideOutsideOfPackages(allowed)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void every_package_has_its_rule() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      packages.add(each.getPackageName().split("\\.", -1)[2]);
    }
    packages.remove("cli");
    assertThat(MAY_IMPORT.keySet()).containsAll(packages);
  }

  @Test
  void pure_packages_use_java_commons_math_and_nullness_annotations_only() {
    classes()
        .that(resideInAnyPackage(PURE))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "io.tidegate..", "org.apache.commons.math3..", "org.jspecify.."))
        .check(CLASSES);
    noClasses()
        .that(resideInAnyPackage(PURE))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.net..", "java.util.logging..", "java.lang.management.."))
        .check(CLASSES);
  }

  @Test
  void pure_packages_read_no_clock_and_no_unseeded_randomness() {
    noClasses().that(resideInAnyPackage(PURE)).should().accessTargetWhere(CLOCK).check(CLASSES);
    noClasses()
        .that(resideInAnyPackage(PURE))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.security.SecureRandom")
        .check(CLASSES);
  }

  @Test
  void operators_read_no_clock_outside_flinks_timer_service() {
    noClasses()
        .that(resideInAPackage("io.tidegate.operator.."))
        .should()
        .accessTargetWhere(CLOCK)
        .check(CLASSES);
  }

  @Test
  void only_the_command_line_writes_to_standard_output() {
    noClasses()
        .that(not(resideInAPackage("io.tidegate.cli..")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void every_package_is_null_marked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      JavaPackage owner = each.getPackage();
      boolean generated = owner.getName().startsWith("io.tidegate.report.templates");
      if (!generated && !owner.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(owner.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  private static final Set<String> NOW =
      Set.of(
          Instant.class.getName(),
          LocalDate.class.getName(),
          LocalDateTime.class.getName(),
          OffsetDateTime.class.getName(),
          ZonedDateTime.class.getName());

  private static final DescribedPredicate<JavaAccess<?>> CLOCK =
      DescribedPredicate.describe("a clock or unseeded randomness", ArchitectureTest::isClock);

  private static boolean isClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    String name = access.getName();
    boolean noArguments = access.getTarget().getFullName().endsWith("()");
    return (owner.equals("java.lang.System")
            && (name.equals("currentTimeMillis") || name.equals("nanoTime")))
        || (NOW.contains(owner) && name.equals("now"))
        || (owner.equals(Clock.class.getName()) && name.startsWith("system"))
        || ((owner.equals("java.lang.Math") || owner.equals("java.lang.StrictMath"))
            && name.equals("random"))
        || owner.equals("java.util.concurrent.ThreadLocalRandom")
        || (owner.equals("java.util.UUID") && name.equals("randomUUID"))
        || ((owner.equals(Random.class.getName()) || owner.equals(SplittableRandom.class.getName()))
            && name.equals("<init>")
            && noArguments);
  }
}
