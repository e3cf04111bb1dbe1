package dev.tombolo.cli.mesh;

import picocli.CommandLine.Command;

/** Commands about the mesh; each only writes objects, so that the same can be had from files. */
@Command(
        name = "clustermesh",
        description = "Join this cluster with others.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EnableCommand.class,
            DisableCommand.class,
            ConnectCommand.class,
            DisconnectCommand.class,
            MeshStatusCommand.class
        })
public final class ClusterMeshCommand {}
