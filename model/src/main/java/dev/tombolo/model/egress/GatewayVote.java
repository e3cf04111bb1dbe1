package dev.tombolo.model.egress;

/** What one node says of a gateway's data path; both are names of nodes of one cluster. */
public record GatewayVote(String gateway, String prober, boolean answers) {}
