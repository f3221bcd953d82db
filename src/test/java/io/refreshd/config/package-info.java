@NullMarked
package io.refreshd.config;

import org.jspecify.annotations.NullMarked;
