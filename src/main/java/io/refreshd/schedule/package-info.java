/** Turns decisions about when into Quartz jobs and triggers that call the rotator. */
@NullMarked
package io.refreshd.schedule;

import org.jspecify.annotations.NullMarked;
