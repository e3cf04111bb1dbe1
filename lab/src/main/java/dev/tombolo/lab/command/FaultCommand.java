package dev.tombolo.lab.command;

import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.network.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Break things between clusters and nodes, and mend them. A place is cluster1 or cluster1/node2.")
final class FaultCommand {
    @Command(description = "Drop everything between two places.")
    int cut(@Mixin LabChoice lab, @Parameters(paramLabel = "A") String a, @Parameters(paramLabel = "B") String b)
            throws IOException {
        return done(faults(lab).cut(a, b));
    }

    @Command(description = "Drop a percentage of the packets between two places.")
    int drop(
            @Mixin LabChoice lab,
            @Parameters(paramLabel = "A") String a,
            @Parameters(paramLabel = "B") String b,
            @Parameters(paramLabel = "PERCENT") int percent)
            throws IOException {
        return done(faults(lab).drop(a, b, percent));
    }

    @Command(description = "Let only packets up to N bytes through the internet.")
    int mtu(@Mixin LabChoice lab, @Parameters(paramLabel = "N") int bytes) throws IOException {
        return done(faults(lab).mtu(bytes));
    }

    @Command(name = "block-icmp", description = "The internet answers nothing and forwards no ICMP.")
    int blockIcmp(@Mixin LabChoice lab) throws IOException {
        return done(faults(lab).blockIcmp());
    }

    @Command(description = "A cluster's traffic leaves with its gateway's address.")
    int nat(@Mixin LabChoice lab, @Parameters(paramLabel = "CLUSTER") String cluster) throws IOException {
        return done(faults(lab).nat(cluster));
    }

    @Command(description = "Undo all of the above.")
    int heal(@Mixin LabChoice lab) throws IOException {
        return done(faults(lab).heal());
    }

    @Command(description = "Kill a container's processes (SIGKILL), or the lab's etcd or daemon with --process.")
    int kill(@Mixin LabChoice lab, @Mixin Target target) throws IOException {
        return signal(lab, target, "KILL");
    }

    @Command(description = "Stop a container's processes (SIGSTOP).")
    int stop(@Mixin LabChoice lab, @Mixin Target target) throws IOException {
        return signal(lab, target, "STOP");
    }

    @Command(name = "continue", description = "Let stopped processes go on (SIGCONT).")
    int resume(@Mixin LabChoice lab, @Mixin Target target) throws IOException {
        return signal(lab, target, "CONT");
    }

    /** A container as pod/container, or a process of the lab itself. */
    static final class Target {
        @Option(names = "--context", required = true, description = "The cluster.")
        private String context;

        @Option(
                names = {"-n", "--namespace"},
                defaultValue = "default")
        private String namespace;

        @Option(names = "--process", description = "etcd or daemon")
        private String process;

        @Parameters(arity = "0..1", paramLabel = "POD[/CONTAINER]", description = "deploy/NAME/CONTAINER also works.")
        private String what;
    }

    private static int signal(LabChoice lab, Target target, String signal) throws IOException {
        for (long pid : pids(lab, target)) {
            Commands.attempt(List.of("kill", "-" + signal, Long.toString(pid)), Map.of(), "");
        }
        return 0;
    }

    private static List<Long> pids(LabChoice lab, Target target) throws IOException {
        if (target.process != null) {
            return List.of(
                    target.process.equals("etcd")
                            ? lab.running().file().etcdPids().get(target.context)
                            : lab.running().file().daemonPid());
        }
        String[] parts = target.what.split("/");
        boolean byOwner = parts[0].equals("deploy") || parts[0].equals("ds") || parts[0].equals("pod");
        String pod = byOwner ? parts[0] + "/" + parts[1] : parts[0];
        int next = byOwner ? 2 : 1;
        ContainerRecord record = lab.running()
                .container(target.context, target.namespace, pod, parts.length > next ? parts[next] : null);
        return Cgroups.processes(Path.of(record.cgroup()));
    }

    private static Faults faults(LabChoice lab) throws IOException {
        return new Faults(lab.running().topology());
    }

    private static int done(String what) {
        System.out.println("✔ " + what);
        return 0;
    }
}
