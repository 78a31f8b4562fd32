package io.pbft.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the lab. */
@AnalyzeClasses(packages = "io.pbft.lab", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule MODULES =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.pbft.lab..",
              "io.pbft.core..",
              "io.pbft.client.core..",
              "io.pbft.storage..",
              "io.pbft.crypto..",
              "org.junit.jupiter..",
              "java..")
          .because("the lab runs cores and the journal, and neither threads nor sockets");

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("sim")
          .definedBy("io.pbft.lab.sim")
          .layer("traitor")
          .definedBy("io.pbft.lab.traitor")
          .layer("oracle")
          .definedBy("io.pbft.lab.oracle")
          .layer("search")
          .definedBy("io.pbft.lab.search")
          .whereLayer("sim")
          .mayNotAccessAnyLayer()
          .whereLayer("traitor")
          .mayOnlyAccessLayers("sim")
          .whereLayer("oracle")
          .mayOnlyAccessLayers("sim")
          .whereLayer("search")
          .mayOnlyAccessLayers("sim", "traitor", "oracle")
          .because("the world knows neither its liars nor its judges");
}
