/** What speaks BGP for this node, whatever program that is: what it is told, and what it tells. */
package dev.tombolo.bgp.speaker;
