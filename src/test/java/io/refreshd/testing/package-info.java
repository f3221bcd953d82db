/**
 * What tests of several packages share: a clock turned by hand, a store, servers, sample grants.
 */
@NullMarked
package io.refreshd.testing;

import org.jspecify.annotations.NullMarked;
