package dev.tombolo.agent.healthcheck;

/**
 * What a load balancer is told of a service on this node.
 *
 * @param port where it asks
 * @param localEndpoints addresses of the node that answer, and do not end
 */
record HealthCheck(int port, int localEndpoints) {}
