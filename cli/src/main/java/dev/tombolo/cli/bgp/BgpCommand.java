package dev.tombolo.cli.bgp;

import picocli.CommandLine.Command;

@Command(
        name = "bgp",
        description = "Sessions with routers, by CiliumBGPClusterConfig objects, and what is told in them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BgpPeersCommand.class, BgpRoutesCommand.class, BgpDrainCommand.class})
public final class BgpCommand {}
