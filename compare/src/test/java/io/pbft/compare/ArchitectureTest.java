package io.pbft.compare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of this module: it stands on the lab, and its algorithms stand apart. */
@AnalyzeClasses(packages = "io.pbft.compare", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule STANDS_ON_THE_LAB =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.pbft.net..", "io.pbft.node..", "io.pbft.storage..", "io.pbft.cli..")
          .because("compare -> byzantine-tests -> pbft-core, client");

  @ArchTest
  static final ArchRule GENERALS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.pbft.compare.generals..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.pbft.core..", "io.pbft.client..", "io.pbft.lab..")
          .because("a synchronous algorithm needs nothing of PBFT but its signatures");

  @ArchTest
  static final ArchRule NO_CLOCKS_AND_NO_THREADS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pbft.compare.raft..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.time..", "java.util.concurrent..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, java.util.Random.class, java.util.HashMap.class)
          .because("time is virtual, and one seed is one run");

  @ArchTest
  static final ArchRule NODES_ARE_PURE =
      noClasses()
          .that()
          .resideInAnyPackage("io.pbft.compare.paxos..", "io.pbft.compare.zab..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              java.util.SplittableRandom.class,
              System.class,
              io.pbft.compare.sim.World.class,
              io.pbft.compare.sim.Network.class)
          .because("what a node does follows from its events alone");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.pbft.compare.(*)..").should().beFreeOfCycles();
}
