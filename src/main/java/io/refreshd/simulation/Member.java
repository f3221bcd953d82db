package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.GrantRecord;
import org.jspecify.annotations.Nullable;

/**
 * A grant that takes part.
 *
 * @param grant as configured
 * @param record what a store knows of it; {@code null} to take it as enrolled at the start
 * @param circuits those that are open in that store
 */
public record Member(Grant grant, @Nullable GrantRecord record, Circuits circuits) {}
