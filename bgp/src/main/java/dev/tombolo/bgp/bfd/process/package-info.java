/**
 * The process that speaks BFD: one thread with the sessions, their sockets and timers, and one that talks with clients. It
 * is a process of its own so that neither a pause nor a restart of the agent is taken for the loss of this node.
 */
package dev.tombolo.bgp.bfd.process;
