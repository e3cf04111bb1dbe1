package dev.tombolo.cli.egress;

import picocli.CommandLine.Command;

@Command(
        name = "egress",
        description = "Which pods leave the cluster through which gateways, by CiliumEgressGatewayPolicy objects.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EgressListCommand.class, EgressExplainCommand.class})
public final class EgressCommand {}
