package io.refreshd.schedule;

/**
 * How daemons share their triggers: in tables of the store, by Quartz's clustered job store.
 *
 * @param node the name of this daemon, which no other has
 * @param connections the name by which Quartz knows the connections to the store
 * @param atOnce how many partitions this daemon works on at once
 */
public record Sharing(String node, String connections, int atOnce) {}
