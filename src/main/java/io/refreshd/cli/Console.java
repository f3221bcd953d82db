package io.refreshd.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The terminal: results go to standard output, everything else to standard error. Colours and
 * redrawing only on a real terminal, and not where {@code NO_COLOR} asks for none
 * (https://no-color.org).
 */
public final class Console {

  private final StandardOutput results;
  private final PrintStream out;
  private final PrintStream err;
  private final InputStream in;
  private final boolean terminal;
  private final boolean colours;
  private final boolean unicode;
  private final StillAtWork stillAtWork;

  /** What a command does while it says nothing. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  Console(
      OutputStream out,
      PrintStream err,
      InputStream in,
      boolean terminal,
      Map<String, String> environment) {
    this(new StandardOutput(out, () -> false), err, in, terminal, environment);
  }

  private Console(
      StandardOutput results,
      PrintStream err,
      InputStream in,
      boolean terminal,
      Map<String, String> environment) {
    this.results = results;
    this.out = new PrintStream(results, true, StandardCharsets.UTF_8);
    this.err = err;
    this.in = in;
    this.terminal = terminal;
    this.colours =
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    this.unicode = isUtf8(environment);
    this.stillAtWork = new StillAtWork(err, System::nanoTime);
  }

  /** The console of this process. */
  static Console system(Map<String, String> environment) {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Console(
        StandardOutput.ofThisProcess(), err, System.in, terminal() != null, environment);
  }

  /**
   * Does what may take long and says nothing; a person at a terminal is told that it goes on.
   *
   * @param doing as in "reading the configuration"
   */
  <T, E extends Exception> T during(String doing, Work<T, E> work) throws E {
    if (!terminal) {
      return work.run();
    }
    stillAtWork.begin(doing);
    Timer drawn = stillAtWork.drawn();
    try {
      return work.run();
    } finally {
      drawn.cancel();
      stillAtWork.end();
    }
  }

  /** How far it has come, as in "2,000 entries". */
  void tellSoFar(String soFar) {
    stillAtWork.tell(soFar);
  }

  /** Prints a line of the result. */
  void print(String line) {
    stillAtWork.wipe();
    out.println(line);
  }

  /** Prints a line of the result that may be larger than the memory, as it is written. */
  void print(Consumer<Writer> line) {
    write(
        to -> {
          line.accept(to);
          return true;
        });
  }

  /** The same, of which something is to be known besides. */
  <T> T write(Function<Writer, T> line) {
    stillAtWork.wipe();
    Writer buffered = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    T result = line.apply(buffered);
    try {
      buffered.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from this stream: it only remembers trouble
    }
    out.println();
    return result;
  }

  /** Says something that is not the result. */
  void say(String line) {
    stillAtWork.wipe();
    err.println(line);
  }

  /** Says what went wrong. */
  void fail(String message) {
    stillAtWork.wipe();
    err.println(paint(Paint.RED, "refreshd: ") + message);
  }

  /** Says what somebody should know, though nothing went wrong. */
  void warn(String message) {
    stillAtWork.wipe();
    err.println(paint(Paint.YELLOW, "warning: ") + message);
  }

  /** Says what to do next. */
  void hint(String message) {
    stillAtWork.wipe();
    err.println("hint: " + message);
  }

  /** Whether the reader of the results has gone ({@code refreshd log --follow | head}). */
  boolean isReaderGone() {
    return out.checkError();
  }

  /** What kept a result from being written, in words, unless its reader has gone. */
  Optional<String> lost() {
    out.flush();
    return results.trouble();
  }

  /** Moves to the top of an empty screen, on a terminal. */
  void clear() {
    if (terminal) {
      out.print("\u001b[H\u001b[2J");
    }
  }

  /** Whether a person sits in front of it. */
  boolean isTerminal() {
    return terminal;
  }

  /** Whether characters beyond ASCII can be shown. */
  boolean isUnicode() {
    return unicode;
  }

  /** Standard input, wholly, up to the limit in bytes. */
  byte[] read(int limit) throws IOException {
    return in.readNBytes(limit);
  }

  /** Asks the person at the terminal; {@code null} at the end of the input. */
  @Nullable String ask(String question) {
    java.io.Console console = terminal();
    return console == null ? null : console.readLine("%s", question);
  }

  /** Asks for something that is not shown while it is typed; {@code null} at the end. */
  char @Nullable [] askSecretly(String question) {
    java.io.Console console = terminal();
    return console == null ? null : console.readPassword("%s", question);
  }

  /** The text in a colour, where colours are wanted. */
  String paint(Paint paint, String text) {
    return colours ? paint.code + text + "\u001b[0m" : text;
  }

  /** The same, for texts that are measured or cut before they are shown. */
  Console withoutColours() {
    return new Console(results, err, in, terminal, Map.of("NO_COLOR", "1"));
  }

  /** Whether texts are painted. */
  boolean isColoured() {
    return colours;
  }

  /** {@code null} if a person is not at both ends. */
  @SuppressWarnings("SystemConsoleNull") // this property keeps it null there, on JDK 22 and newer
  private static java.io.@Nullable Console terminal() {
    System.setProperty("jdk.console", "java.base");
    return System.console();
  }

  private static boolean isUtf8(Map<String, String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        String upper = value.toUpperCase(Locale.ROOT);
        return upper.contains("UTF-8") || upper.contains("UTF8");
      }
    }
    return false;
  }

  /** The colours in use. */
  enum Paint {
    RED("\u001b[31m"),
    YELLOW("\u001b[33m"),
    GREEN("\u001b[32m"),
    DIM("\u001b[2m"),
    BOLD("\u001b[1m");

    private final String code;

    Paint(String code) {
      this.code = code;
    }
  }
}
