@NullMarked
package io.refreshd.alert;

import org.jspecify.annotations.NullMarked;
