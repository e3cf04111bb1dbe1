/** Bidirectional Forwarding Detection (RFC 5880) as pure functions: the packet and the machine of one session. */
package dev.tombolo.bgp.bfd.protocol;
