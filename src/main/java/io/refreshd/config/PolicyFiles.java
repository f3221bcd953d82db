package io.refreshd.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of token lifetime policies, each once. */
public final class PolicyFiles {

  private static final int LIMIT_KIB = 256;

  private final References references;
  private final Problems problems;
  private final Map<Path, List<TokenLifetimePolicy>> read = new LinkedHashMap<>();

  PolicyFiles(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  /**
   * The policies in a file: one or more.
   *
   * @param file absolute
   * @param shown the file as people named it
   * @throws ConfigException with everything that is wrong with it
   */
  public static List<TokenLifetimePolicy> load(Path file, String shown) throws ConfigException {
    Problems problems = new Problems();
    SourceFile source = new SourceFile(file, shown);
    PolicyFiles files = new PolicyFiles(References.RESOLVE, problems);
    try {
      files.read(source, TextFile.readNamedInCommand(source.path(), LIMIT_KIB, source.whole()));
    } catch (Mistake e) {
      problems.add("", e);
    }
    problems.throwIfAny();
    return files.policies();
  }

  /** Reports what is wrong with the policy that a level names. */
  void check(Fields fields) {
    SourceFile file = fields.value(Keys.TOKEN_LIFETIME_POLICY);
    Node.Entry entry = fields.entry(Keys.TOKEN_LIFETIME_POLICY);
    boolean known = file == null || read.containsKey(file.path());
    if (file == null || entry == null || known || references == References.LEAVE) {
      return;
    }
    try {
      read(file, TextFile.read(file.path(), LIMIT_KIB, entry.value().place()));
    } catch (Mistake e) {
      problems.add(fields.path(Keys.TOKEN_LIFETIME_POLICY.name()), e);
    }
  }

  /** Those of all files that were read, in that order. */
  List<TokenLifetimePolicy> policies() {
    return read.values().stream().flatMap(List::stream).toList();
  }

  private void read(SourceFile file, String text) {
    read.put(file.path(), PolicyReader.read(file, text, problems));
  }
}
