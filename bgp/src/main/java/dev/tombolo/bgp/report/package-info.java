/** How sessions are, of one node and of all of them, as those who have declared them want to know it. */
package dev.tombolo.bgp.report;
