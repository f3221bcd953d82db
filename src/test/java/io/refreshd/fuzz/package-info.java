/** Hostile input: what the parsers are fed by a fuzzer, and again in each test run. */
@NullMarked
package io.refreshd.fuzz;

import org.jspecify.annotations.NullMarked;
