package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.GrantRecord;
import org.jspecify.annotations.Nullable;

/**
 * A grant that takes part.
 *
 * @param grant as configured
 * @param record what a store knows of it; {@code null} to take it as enrolled at the start
 */
public record Member(Grant grant, @Nullable GrantRecord record) {}
