/** What routers are told: the plan of it, the speaker that tells it, and how the loss of a router is noticed. */
package dev.tombolo.bgp;
