package io.refreshd.daemon;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP. The JDK's only way to it is {@code sun.misc.Signal} of the module {@code
 * jdk.unsupported}, which JEP 260 keeps for exactly such uses. It is called by reflection because
 * javac warns of it, and no option turns that warning off.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /** From now on SIGHUP does this, on a thread of its own, instead of ending the process. */
  static void onHangUp(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    } catch (ReflectiveOperationException e) {
      LOG.warn(
          "SIGHUP cannot be caught ({}): a changed configuration needs a restart", e.toString());
    }
  }
}
