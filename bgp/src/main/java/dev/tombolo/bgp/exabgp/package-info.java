/**
 * A speaker that is ExaBGP 4.2, a process of its own, behind {@code src/main/c/bridge}. {@link
 * dev.tombolo.bgp.exabgp.Dialogue} says what is said when; it is the place to start reading.
 */
package dev.tombolo.bgp.exabgp;
