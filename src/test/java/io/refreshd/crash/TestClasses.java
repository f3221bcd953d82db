package io.refreshd.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The few classes of this package that go into the process that is killed, as a jar: next to a
 * folder of classes the JVM refuses to share an archive, and would start slower.
 */
final class TestClasses {

  private static final List<Class<?>> ALL =
      List.of(
          CrashingDaemon.class,
          Failpoint.class,
          FailingStore.class,
          Step.class,
          Step.Cost.class,
          Step.Setting.class);

  private TestClasses() {}

  /** The jar; made if it is not there. */
  static synchronized Path at(Path jar) throws IOException {
    if (!Files.exists(jar)) {
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (Class<?> one : ALL) {
          add(out, one.getName().replace('.', '/') + ".class");
        }
      }
    }
    return jar;
  }

  private static void add(JarOutputStream out, String name) throws IOException {
    out.putNextEntry(new JarEntry(name));
    try (InputStream in =
        Objects.requireNonNull(TestClasses.class.getClassLoader().getResourceAsStream(name))) {
      in.transferTo(out);
    }
    out.closeEntry();
  }
}
