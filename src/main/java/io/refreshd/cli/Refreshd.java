package io.refreshd.cli;

/** The entry point: {@code refreshd COMMAND}. */
public final class Refreshd {

  private Refreshd() {}

  public static void main(String[] args) {}
}
