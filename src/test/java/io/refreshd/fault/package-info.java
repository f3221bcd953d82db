@NullMarked
package io.refreshd.fault;

import org.jspecify.annotations.NullMarked;
