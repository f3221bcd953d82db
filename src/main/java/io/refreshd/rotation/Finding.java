package io.refreshd.rotation;

import org.jspecify.annotations.Nullable;

/**
 * Something that was looked at: a grant, or what rotations need around them.
 *
 * @param level how urgent it is; {@link Level#OK} if it is as it should be
 * @param subject what or whom it is about
 * @param what what was found
 * @param next what a person is to do; {@code null} if nothing
 */
public record Finding(Level level, String subject, String what, @Nullable String next) {

  public static Finding ok(String subject, String what) {
    return new Finding(Level.OK, subject, what, null);
  }
}
