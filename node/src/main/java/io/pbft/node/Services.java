package io.pbft.node;

import io.pbft.core.spi.StateMachine;
import java.lang.reflect.InvocationTargetException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** From the {@code service} of a configuration to a state machine. */
public final class Services {
  private Services() {}

  /**
   * A new state machine: of the {@link ServiceProvider} with that name, or of the class with that
   * name (with a dot in it), which needs a public constructor without parameters.
   *
   * @throws ConfigException if there is none, or it can't be made
   */
  public static StateMachine create(String service) throws ConfigException {
    TreeMap<String, ServiceProvider> providers = new TreeMap<>();
    try {
      for (ServiceProvider provider : ServiceLoader.load(ServiceProvider.class)) {
        providers.putIfAbsent(provider.name(), provider);
      }
    } catch (ServiceConfigurationError e) {
      throw new ConfigException(
          "service: a provider is broken (" + YamlFile.oneLine(e.getMessage()) + "); mend its jar",
          e);
    }
    ServiceProvider provider = providers.get(service);
    if (provider != null) {
      return provider.create();
    }
    if (service.indexOf('.') < 0) {
      throw new ConfigException(
          "service: "
              + Fields.shown(service)
              + " is not known; give one of "
              + providers.keySet()
              + " or the full name of a class that implements "
              + StateMachine.class.getName());
    }
    return ofClass(service);
  }

  private static StateMachine ofClass(String name) throws ConfigException {
    try {
      Class<?> type = Class.forName(name, true, loader());
      if (!StateMachine.class.isAssignableFrom(type)) {
        throw new ConfigException(
            "service: class "
                + Fields.shown(name)
                + " does not implement "
                + StateMachine.class.getName()
                + "; name one that does");
      }
      return (StateMachine) type.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          "service: class "
              + Fields.shown(name)
              + " is not on the class path; add its jar, or mend the name",
          e);
    } catch (InvocationTargetException e) {
      throw new ConfigException(
          "service: the constructor of " + name + " failed with " + e.getCause(), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new ConfigException(
          "service: class "
              + Fields.shown(name)
              + " can't be made; give it a public constructor without parameters",
          e);
    }
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? Services.class.getClassLoader() : context;
  }
}
