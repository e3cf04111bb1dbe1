/** The lines that the BFD process and its clients exchange, and that it remembers its sessions by. */
package dev.tombolo.bgp.bfd.control;
