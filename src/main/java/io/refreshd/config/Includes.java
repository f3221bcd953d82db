package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the files that a pattern means, as a shell would: no hidden ones unless asked for. */
final class Includes {

  private static final Pattern WILD = Pattern.compile("[*?\\[{]");

  private Includes() {}

  /**
   * The files, by name. They stay paths all the way: the text of a name that is not of this
   * locale's characters leads to no file, or to another one.
   *
   * @throws Mistake if there is none
   */
  static List<SourceFile> find(Scalar pattern) throws Mistake {
    SourceFile from = pattern.place().file();
    Path path = Path.of(pattern.text());
    List<Path> found = List.of(path.isAbsolute() ? path.getRoot() : Path.of(""));
    for (Path name : path) {
      found =
          WILD.matcher(name.toString()).find()
              ? matching(found, name.toString(), pattern)
              : found.stream().map(folder -> folder.resolve(name)).toList();
    }
    List<SourceFile> files =
        found.stream()
            .map(match -> new SourceFile(from.resolve(match), from.shown(match)))
            .filter(file -> isFile(file.path()))
            .toList();
    if (files.isEmpty()) {
      throw new Mistake(pattern.place(), nothing(from, pattern.text()));
    }
    return files;
  }

  /**
   * Whatever is no folder: of a link that leads nowhere, or a file that cannot be looked at, is
   * said what is wrong with it; passed over, its grants would count as removed.
   */
  private static boolean isFile(Path path) {
    return !Files.isDirectory(path) && !Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> matching(List<Path> folders, String glob, Scalar pattern)
      throws Mistake {
    List<Path> matches = new ArrayList<>();
    for (Path folder : folders) {
      Path real = pattern.place().file().resolve(folder);
      if (Files.isDirectory(real)) {
        names(real, glob, pattern).forEach(name -> matches.add(folder.resolve(name)));
      }
    }
    return matches;
  }

  private static List<Path> names(Path folder, String glob, Scalar pattern) throws Mistake {
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(entry -> names.add(entry.getFileName()));
    } catch (PatternSyntaxException e) {
      throw new Mistake(
          pattern.place(),
          Mistake.quoted(pattern.text()) + " is not a pattern; would be like tenants.d/*.yaml");
    } catch (IOException | DirectoryIteratorException e) {
      throw new Mistake(
          pattern.place(), folder + " cannot be listed (" + e.getClass().getSimpleName() + ")");
    }
    boolean hidden = glob.startsWith(".");
    return names.stream()
        .filter(name -> hidden || !name.toString().startsWith("."))
        .sorted()
        .toList();
  }

  private static String nothing(SourceFile from, String pattern) {
    return Mistake.quoted(pattern)
        + (Files.isDirectory(from.resolve(pattern))
            ? " is a folder; would be "
                + Mistake.quoted(Path.of(pattern).resolve("*.yaml").toString())
            : " matches no file; would be relative to " + from.path().getParent());
  }
}
