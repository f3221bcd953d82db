/**
 * YAML to values: inheritance, secret references, bounds; every problem of every file reported
 * together.
 */
@NullMarked
package io.refreshd.config;

import org.jspecify.annotations.NullMarked;
