package io.pbft.lab.dsl;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** An invocation of the test for each seed. */
final class TraitorTestExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(TraitorTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    TraitorTest test = method.getAnnotation(TraitorTest.class);
    Long only = Long.getLong("lab.seed");
    LongStream seeds = only == null ? LongStream.rangeClosed(1, test.seeds()) : LongStream.of(only);
    return seeds.mapToObj(seed -> new Invocation(method.getName(), test, seed));
  }

  private record Invocation(String name, TraitorTest test, long seed)
      implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      Lab lab = new Lab(name, test.n(), seed, test.id());
      return List.of(new LabResolver(lab), new Witness(lab));
    }
  }

  /**
   * A test may fail on what it asserts itself of a run that was as expected: that has a report,
   * too.
   */
  private record Witness(Lab lab) implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      boolean told = String.valueOf(failure.getMessage()).contains(Run.REPORT);
      if (told || lab.lastRun() == null || !(failure instanceof AssertionError)) {
        throw failure;
      }
      throw new AssertionError(failure.getMessage() + lab.lastRun().evidence(), failure);
    }
  }

  private record LabResolver(Lab lab) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return lab;
    }
  }
}
