@NullMarked
package io.refreshd.report;

import org.jspecify.annotations.NullMarked;
