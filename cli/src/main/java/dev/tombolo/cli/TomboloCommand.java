package dev.tombolo.cli;

import dev.tombolo.cli.bgp.BgpCommand;
import dev.tombolo.cli.doctor.DoctorCommand;
import dev.tombolo.cli.egress.EgressCommand;
import dev.tombolo.cli.health.StatusCommand;
import dev.tombolo.cli.install.InstallCommand;
import dev.tombolo.cli.install.UninstallCommand;
import dev.tombolo.cli.install.UpgradeCommand;
import dev.tombolo.cli.listing.NodeCommand;
import dev.tombolo.cli.mesh.ClusterMeshCommand;
import dev.tombolo.cli.observe.ObserveCommand;
import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.cli.service.ServiceCommand;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

@Command(
        name = "tombolo",
        description = "Joins Kubernetes clusters into one mesh. Without a command: tombolo status.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = false,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo install --context west --set cluster.name=west --set cluster.id=1",
            "  tombolo clustermesh enable --context west",
            "  tombolo clustermesh connect --context west --destination-context east",
            "  tombolo status --context west"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:unhealthy, or the command failed", "2:wrong usage"},
        subcommands = {
            StatusCommand.class,
            DoctorCommand.class,
            InstallCommand.class,
            UpgradeCommand.class,
            UninstallCommand.class,
            ClusterMeshCommand.class,
            ServiceCommand.class,
            NodeCommand.class,
            EgressCommand.class,
            BgpCommand.class,
            ObserveCommand.class,
            VersionCommand.class,
            TrainCommand.class
        })
final class TomboloCommand implements Session, Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show help and exit.")
    private boolean help;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Kubeconfig; by default those of $KUBECONFIG, else ~/.kube/config.")
    private Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Context of the kubeconfig; by default its current one.")
    private String context;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Only what is in this namespace, where a command lists things.")
    private String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            converter = OutputFormat.Reader.class,
            description = "table, json or yaml; by default table.")
    private OutputFormat format;

    TomboloCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        return new StatusCommand(this).call();
    }

    @Override
    public Console console() {
        return console;
    }

    @Override
    public OutputFormat format() {
        return format;
    }

    @Override
    public Optional<String> context() {
        return Optional.ofNullable(context);
    }

    @Override
    public Optional<String> namespace() {
        return Optional.ofNullable(namespace);
    }

    @Override
    public KubeApi cluster() throws IOException {
        return open(context());
    }

    @Override
    public KubeApi cluster(String named) throws IOException {
        return open(Optional.of(named));
    }

    private KubeApi open(Optional<String> named) throws IOException {
        var file = kubeconfig == null
                ? KubeconfigFiles.choose(System.getenv("KUBECONFIG"), named)
                : Optional.of(kubeconfig);
        var api = KubeApi.connect(new KubeAccess.KubeConfig(file, named));
        try {
            api.mustAnswer();
            return api;
        } catch (IOException silent) {
            api.close();
            throw CommandFailure.failed(
                    named.map(name -> "context " + name + ": ").orElse("") + silent.getMessage()
                            + "; see that the cluster runs and that the kubeconfig is right");
        }
    }
}
