/** Commands, exit codes, the voice of the terminal. */
@NullMarked
package io.refreshd.cli;

import org.jspecify.annotations.NullMarked;
