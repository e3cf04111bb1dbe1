/**
 * Which sessions this node holds and what it tells in each, decided from rows alone. The inputs are records of this package
 * and words of the model, so that whoever wires it only maps.
 */
package dev.tombolo.bgp.plan;
