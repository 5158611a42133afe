package io.tidegate.stats.vectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class MappingRulesTest {

  @Test
  void mapping_callsOnlyProductionCodeAndJackson() {
    var mapping = new ClassFileImporter().importPackages("io.tidegate.stats.vectors");
    classes()
        .that()
        .haveSimpleNameNotEndingWith("Test")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.tidegate.stats..",
            "io.tidegate.analysis..",
            "io.tidegate.model..",
            "com.fasterxml.jackson..",
            "java..",
            "org.jspecify..")
        .check(mapping);
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Test")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Math.class)
        .check(mapping);
  }
}
