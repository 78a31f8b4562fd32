package io.pbft.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;

/** The arrows of ARCHITECTURE.md inside this module. */
@AnalyzeClasses(packages = "io.pbft.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] PROTOCOL = {
    "..core.normal..",
    "..core.execution..",
    "..core.checkpoint..",
    "..core.viewchange..",
    "..core.transfer..",
    "..core.replica.."
  };

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("message")
          .definedBy("io.pbft.core.message")
          .layer("codec")
          .definedBy("io.pbft.core.codec")
          .layer("validation")
          .definedBy("io.pbft.core.validation")
          .layer("seam")
          .definedBy("io.pbft.core", "io.pbft.core.spi")
          .layer("runtime")
          .definedBy("io.pbft.core.runtime")
          .layer("protocol")
          .definedBy(
              "io.pbft.core.normal",
              "io.pbft.core.execution",
              "io.pbft.core.checkpoint",
              "io.pbft.core.viewchange",
              "io.pbft.core.transfer")
          .layer("replica")
          .definedBy("io.pbft.core.replica")
          .layer("driver")
          .definedBy("io.pbft.core.driver..")
          .whereLayer("message")
          .mayNotAccessAnyLayer()
          .whereLayer("codec")
          .mayOnlyAccessLayers("message")
          .whereLayer("validation")
          .mayOnlyAccessLayers("message", "codec")
          .whereLayer("seam")
          .mayOnlyAccessLayers("message", "codec", "validation")
          .whereLayer("runtime")
          .mayOnlyAccessLayers("message", "seam", "validation")
          .whereLayer("protocol")
          .mayOnlyAccessLayers("message", "codec", "validation", "seam", "runtime")
          .whereLayer("replica")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("driver")
          .mayNotBeAccessedByAnyLayer()
          .because("the protocol is driven, it does not drive");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.pbft.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONE_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pbft.core.validation")
          .should()
          .callConstructorWhere(
              JavaConstructorCall.Predicates.target(owner(type(Verified.class))).as("of Verified"))
          .because("nothing unverified may enter the core");

  @ArchTest
  static final ArchRule PROTOCOL_KNOWS_NO_PORT =
      noClasses()
          .that()
          .resideInAnyPackage(PROTOCOL)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.pbft.core.spi")
                  .and(com.tngtech.archunit.base.DescribedPredicate.not(isFact()))
                  .as("are ports"))
          .because("what the outside does is asked for by effects");

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isFact() {
    return com.tngtech.archunit.base.DescribedPredicate.describe(
        "facts of the journal",
        c ->
            c.isEquivalentTo(Recovered.class)
                || c.isAssignableTo(LogRecord.class)
                || c.isEquivalentTo(LogRecord.class));
  }

  @ArchTest
  static final ArchRule ONLY_THE_REPLICA_TAKES_A_PEN =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..core.normal..",
              "..core.execution..",
              "..core.checkpoint..",
              "..core.viewchange..",
              "..core.transfer..",
              "..core.runtime..")
          .should()
          .dependOnClassesThat(type(Sealer.class))
          .because("the parts sign through their context, with a pure function");

  @ArchTest
  static final ArchRule MESSAGES_ARE_VALUES =
      classes()
          .that()
          .resideInAPackage("io.pbft.core.message")
          .and()
          .areAssignableTo(io.pbft.core.message.Message.class)
          .and()
          .areNotInterfaces()
          .should()
          .beRecords();
}
