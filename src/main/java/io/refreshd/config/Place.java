package io.refreshd.config;

/**
 * A place in a configuration file.
 *
 * @param line from 1; 0 for the file as a whole
 * @param column from 1, in characters; 0 for the file as a whole
 */
record Place(SourceFile file, int line, int column) {

  @Override
  public String toString() {
    return line == 0 ? file.shown() : file.shown() + ":" + line + ":" + column;
  }
}
