/** Delivers alerts to people: by webhook, by mail, or by a command. */
@NullMarked
package io.refreshd.alert;

import org.jspecify.annotations.NullMarked;
