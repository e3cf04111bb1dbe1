/** How the loss of a router is noticed: what the agent asks of the BFD process, and what it is told. */
package dev.tombolo.bgp.bfd;
