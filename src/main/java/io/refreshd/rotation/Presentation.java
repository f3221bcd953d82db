package io.refreshd.rotation;

import io.refreshd.grant.Generation;

/**
 * A token that was presented, and how that ended.
 *
 * @param generation whose token
 * @param redemption as it is understood for the grant
 */
record Presentation(Generation generation, Redemption redemption) {}
