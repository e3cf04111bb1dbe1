/** What this node tells routers: from Cilium's kinds and the node's tables to the speaker, and back to a status. */
package dev.tombolo.agent.bgp;
