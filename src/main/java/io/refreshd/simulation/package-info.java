/**
 * Plays the core against a virtual clock: the very rotator and policy, with a store in memory and a
 * token endpoint that does what a scenario says.
 */
@NullMarked
package io.refreshd.simulation;

import org.jspecify.annotations.NullMarked;
