/** Says what happened and how things stand, as JSON: rotation log lines, the status document. */
@NullMarked
package io.refreshd.report;

import org.jspecify.annotations.NullMarked;
