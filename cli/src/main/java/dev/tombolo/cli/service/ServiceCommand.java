package dev.tombolo.cli.service;

import picocli.CommandLine.Command;

@Command(
        name = "service",
        description = "The services that this cluster shares, uses or serves.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServiceListCommand.class, ServiceShowCommand.class, ServiceExplainCommand.class})
public final class ServiceCommand {}
