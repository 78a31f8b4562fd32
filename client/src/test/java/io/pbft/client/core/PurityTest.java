package io.pbft.client.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.pbft.core.spi.Transport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The core stays pure: what it does follows from its events alone. */
final class PurityTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.pbft.client.core");

  @Test
  void noClockThreadOrIo() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.time..",
            "java.util.concurrent..",
            "java.io..",
            "java.nio..",
            "java.net..",
            "java.security..",
            "java.util.logging..",
            "org.slf4j..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class, Runtime.class)
        .orShould()
        .accessTargetWhere(
            com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner(
                com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo(System.class)))
        .check(CORE);
  }

  @Test
  void noRandomnessAndNoOrderThatDiffersBetweenJvms() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Random.class,
            UUID.class,
            HashMap.class,
            HashSet.class,
            LinkedHashMap.class,
            LinkedHashSet.class,
            IdentityHashMap.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(CORE);
  }

  @Test
  void noPortsAndNoFace() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.pbft.client", Transport.class.getPackageName())
        .check(CORE);
  }
}
