package io.pbft.lab.dsl;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method with one parameter, a {@link Lab}: it runs once for each seed. The lab's title is
 * the method's name.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(TraitorTestExtension.class)
public @interface TraitorTest {
  /** Replicas, at least 4. */
  int n() default 4;

  /** How many seeds, from 1 on; {@code -Dlab.seed=S} runs S alone. */
  int seeds() default 10;

  /** Entries of the catalogue that the test is about. */
  String[] id() default {};
}
